//! `[indicator.example]`: a worked example, as declared. The periods of inputs are resolved when measures are known.

use crate::catalog::declared::{Number, Table, Text};

/// A worked example as written.
#[derive(Debug)]
pub(in crate::catalog) struct ExampleEntry<'s> {
    pub(in crate::catalog) period: Text<'s>,
    pub(in crate::catalog) area: Option<Text<'s>>,
    pub(in crate::catalog) breakdown: Option<Text<'s>>,
    pub(in crate::catalog) inputs: Vec<(Text<'s>, f64)>,
    pub(in crate::catalog) expect: Number,
}

/// Reads period, area, breakdown, expect and `[indicator.example.inputs]`.
pub(super) fn read<'s>(table: &Table<'s, '_>) -> Option<ExampleEntry<'s>> {
    let (period, area, breakdown) = (table.text("period"), table.text_if("area"), table.text_if("breakdown"));
    let (inputs, expect) = (table.numbers("inputs"), table.number("expect"));
    Some(ExampleEntry { period: period?, area, breakdown, inputs, expect: expect? })
}
