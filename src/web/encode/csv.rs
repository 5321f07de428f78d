//! CSV that a spreadsheet opens without running anything.

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::EncodeError;

/// Writes a header and the rows; missing values are empty. Text that a spreadsheet would take for a formula gets a
/// leading apostrophe.
pub fn write(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Vec<u8>, EncodeError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(schema.fields().iter().map(|f| f.name()))?;
    let options = FormatOptions::default().with_null("");
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .map(|c| Ok((ArrayFormatter::try_new(c, &options)?, c.data_type() == &DataType::Utf8)))
            .collect::<Result<Vec<_>, EncodeError>>()?;
        for row in 0..batch.num_rows() {
            let record = columns.iter().map(|(column, text)| {
                let value = column.value(row).to_string();
                if *text { formula_safe(value) } else { value }
            });
            writer.write_record(record)?;
        }
    }
    writer.into_inner().map_err(|e| EncodeError::Csv(e.into_error().into()))
}

/// An apostrophe before what a spreadsheet would run.
pub fn formula_safe(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Float64Array, StringArray};
    use arrow::datatypes::{Field, Schema};
    use std::sync::Arc;

    #[test]
    fn text_is_never_a_formula_and_numbers_stay_numbers() {
        let schema = Arc::new(Schema::new(vec![
            Field::new("name", DataType::Utf8, true),
            Field::new("value", DataType::Float64, true),
        ]));
        let columns: Vec<arrow::array::ArrayRef> = vec![
            Arc::new(StringArray::from(vec![Some("=HYPERLINK(\"x\")"), Some("Quận 3, Thủ Đức"), None])),
            Arc::new(Float64Array::from(vec![Some(-2.5), None, Some(3.0)])),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
        let text = String::from_utf8(write(&schema, &[batch]).unwrap()).unwrap();
        assert_eq!(text, "name,value\n\"'=HYPERLINK(\"\"x\"\")\",-2.5\n\"Quận 3, Thủ Đức\",\n,3.0\n");
    }
}
