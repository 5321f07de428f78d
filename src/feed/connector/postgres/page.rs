//! What is asked of the database, and the pages that its answers become: delimited text, which a mapping reads as it
//! reads any export, and which a replay can read again.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// The tables of a case store and the columns that a mapping reads of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTables {
    /// The table or view of the cases, perhaps with its schema.
    pub cases: String,
    /// Columns read of it.
    pub columns: Vec<String>,
    /// The column of the identifier.
    pub id: String,
    /// The column of the last change.
    pub updated: String,
    /// The table of events.
    pub events: Option<EventTable>,
    /// Zone that times without a zone are in.
    pub zone: &'static str,
}

/// The table of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTable {
    /// The table or view, perhaps with its schema.
    pub table: String,
    /// Columns read of it.
    pub columns: Vec<String>,
    /// The column of the case's identifier.
    pub case: String,
    /// The column that orders the events of a case.
    pub seq: Option<String>,
}

/// A case that changed: when (microseconds since 1970 UTC), and its identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changed {
    pub at: i64,
    pub id: String,
}

/// The statements over one set of tables. Names come from a declaration and are quoted here, values are always bound.
#[derive(Debug, Clone)]
pub(super) struct Statements {
    first_keys: String,
    next_keys: String,
    cases: String,
    events: Option<String>,
}

/// A name in quotes; a schema and a table are two names.
fn quoted(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect();
    parts.join(".")
}

/// A name of one column in quotes.
fn column(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn columns_as_text(names: &[String]) -> String {
    names.iter().map(|name| format!("{}::text", column(name))).collect::<Vec<_>>().join(", ")
}

impl Statements {
    /// `types` are the database's own types of the columns: `cases.<column>` and `events.<column>`.
    pub fn new(tables: &CaseTables, types: &BTreeMap<String, String>) -> Self {
        let type_of = |key: String| types.get(&key).cloned().unwrap_or_else(|| "text".to_owned());
        let (id, updated, cases) = (column(&tables.id), column(&tables.updated), quoted(&tables.cases));
        let id_type = type_of(format!("cases.{}", tables.id));
        let at_type = type_of(format!("cases.{}", tables.updated));
        let at = format!("('epoch'::timestamptz + $1::float8 * interval '1 microsecond')::{at_type}");
        let keys =
            format!("SELECT (extract(epoch FROM {updated}::timestamptz) * 1000000)::bigint, {id}::text FROM {cases}");
        let order = format!("ORDER BY {updated}, {id}");
        let events = tables.events.as_ref().map(|events| {
            let case = column(&events.case);
            let case_type = type_of(format!("events.{}", events.case));
            let seq = events.seq.as_deref().map(|seq| format!(", {}", column(seq))).unwrap_or_default();
            format!(
                "SELECT {} FROM {} WHERE {case} = ANY($1::text[]::{case_type}[]) ORDER BY {case}{seq}",
                columns_as_text(&events.columns),
                quoted(&events.table)
            )
        });
        Self {
            first_keys: format!("{keys} WHERE {updated} >= {at} {order} LIMIT $2"),
            next_keys: format!("{keys} WHERE ({updated}, {id}) > ({at}, $2::text::{id_type}) {order} LIMIT $3"),
            cases: format!(
                "SELECT {} FROM {cases} WHERE {id} = ANY($1::text[]::{id_type}[]) {order}",
                columns_as_text(&tables.columns)
            ),
            events,
        }
    }

    /// Keys in order: from a time on, or after a key.
    pub async fn keys(
        &self,
        connection: &mut PgConnection,
        from: i64,
        after: Option<&Changed>,
        limit: i64,
    ) -> Result<Vec<Changed>, sqlx::Error> {
        // Microseconds of this age are whole numbers in a double.
        let rows = match after {
            None => {
                let query = sqlx::query(AssertSqlSafe(self.first_keys.as_str())).bind(from as f64).bind(limit);
                query.fetch_all(connection).await?
            }
            Some(last) => {
                let query = sqlx::query(AssertSqlSafe(self.next_keys.as_str()));
                query.bind(last.at as f64).bind(last.id.as_str()).bind(limit).fetch_all(connection).await?
            }
        };
        rows.iter().map(|row| Ok(Changed { at: row.try_get(0)?, id: row.try_get(1)? })).collect()
    }

    /// The page of these cases: the table of cases, and that of their events where there is one.
    pub async fn page(
        &self,
        connection: &mut PgConnection,
        tables: &CaseTables,
        ids: &[String],
    ) -> Result<Vec<Vec<u8>>, sqlx::Error> {
        let rows = sqlx::query(AssertSqlSafe(self.cases.as_str())).bind(ids).fetch_all(&mut *connection).await?;
        let mut parts = vec![delimited(&tables.columns, &rows)?];
        if let (Some(statement), Some(events)) = (&self.events, &tables.events) {
            let rows = sqlx::query(AssertSqlSafe(statement.as_str())).bind(ids).fetch_all(&mut *connection).await?;
            parts.push(delimited(&events.columns, &rows)?);
        }
        Ok(parts)
    }
}

/// The types of a table's columns by name; empty for a table that does not exist.
pub(super) async fn types(connection: &mut PgConnection, table: &str) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute \
         WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
    )
    .bind(quoted(table))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

fn delimited(header: &[String], rows: &[PgRow]) -> Result<Vec<u8>, sqlx::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |e: csv::Error| sqlx::Error::Decode(Box::new(e));
    writer.write_record(header).map_err(broken)?;
    for row in rows {
        for place in 0..header.len() {
            let cell: Option<&str> = row.try_get(place)?;
            writer.write_field(cell.unwrap_or_default()).map_err(broken)?;
        }
        writer.write_record(None::<&[u8]>).map_err(broken)?;
    }
    writer.into_inner().map_err(|e| sqlx::Error::Decode(Box::new(e.into_error())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_values_bound() {
        let tables = CaseTables {
            cases: "pa.cases".into(),
            columns: vec!["id".into(), "x\"; DROP TABLE cases; --".into()],
            id: "id".into(),
            updated: "updated_at".into(),
            events: None,
            zone: "UTC",
        };
        let types = [("cases.id", "bigint"), ("cases.updated_at", "timestamp with time zone")];
        let types = types.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let statements = Statements::new(&tables, &types);
        assert_eq!(
            statements.cases,
            "SELECT \"id\"::text, \"x\"\"; DROP TABLE cases; --\"::text FROM \"pa\".\"cases\" \
             WHERE \"id\" = ANY($1::text[]::bigint[]) ORDER BY \"updated_at\", \"id\""
        );
        assert!(statements.next_keys.contains("(\"updated_at\", \"id\") > ("), "{}", statements.next_keys);
        assert!(statements.next_keys.ends_with("$2::text::bigint) ORDER BY \"updated_at\", \"id\" LIMIT $3"));
    }
}
