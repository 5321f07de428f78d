//! Metadata without figures as rows: one row per member of each variable, so that an analyst who looks into the answer
//! of a PxWeb server sees what can be asked for.

use crate::domain::ObsStatus;

use super::axes::Axis;
use super::{Tidy, TidyDimension, TidyRow};

/// Fills a table with the members of all axes. Every row is missing its value.
pub(super) fn structure_rows(tidy: &mut Tidy, axes: &[Axis]) {
    let dimension = |code: &str| TidyDimension { code: code.to_owned(), label: code.to_owned(), ..Default::default() };
    let mut variables = dimension("variable");
    let (mut members, mut labels) = (dimension("member"), dimension("label"));
    for axis in axes {
        variables.members.insert(axis.code.clone(), axis.label.clone());
        for (at, member) in axis.members.iter().enumerate() {
            let point = axis.time.as_ref().map(|points| &points[at]);
            members.members.insert(member.code.clone(), member.code.clone());
            labels.members.insert(member.label.clone(), member.label.clone());
            tidy.rows.push(TidyRow {
                members: vec![axis.code.clone(), member.code.clone(), member.label.clone()],
                time: point.map(|p| p.text.clone()).unwrap_or_default(),
                period: point.and_then(|p| p.period),
                value: None,
                status: ObsStatus::M,
                at: format!("dimension[\"{}\"], member {at}", axis.code),
            });
        }
    }
    tidy.dimensions = vec![variables, members, labels];
    tidy.notes.push("metadata only: the rows are the table's variables and their members, without figures".to_owned());
}
