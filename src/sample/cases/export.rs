//! Cases and their events as zipped CSV, month by month, as the case system exports them.

use std::io::{self, Write};

use chrono::{Datelike, Timelike};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::fault::UNREADABLE_TIME;
use super::{CaseGenerator, CaseOptions, CaseTruth, Fault, SampleCase};
use crate::domain::case::{CaseEvent, Moment};
use crate::domain::{AreaTree, Period, Vintage, WorkCalendar};
use crate::sample::SampleError;
use crate::sample::press::Press;

/// The folder, which is the feed's code.
pub const FOLDER: &str = "ho_so_1022";

/// Columns of a file of cases.
pub const CASE_COLUMNS: &str = "ma_ho_so,kenh,linh_vuc,muc_do,dia_ban,don_vi,tiep_nhan,han_xu_ly,tra_loi,ho_so_goc,kinh_do,\
                                vi_do,cap_nhat";

/// Columns of a file of events.
pub const EVENT_COLUMNS: &str = "ma_ho_so,stt,thoi_diem,su_kien,don_vi,han_moi,hai_long";

/// Writes the cases of a sample: two files for every month of receipt. Where cases keep no events, the second one has
/// only its header, so that no file lacks its partner.
pub(in crate::sample) fn write(
    options: &CaseOptions,
    (areas, calendar): (&AreaTree, &WorkCalendar),
    press: &mut Press<'_>,
) -> Result<(), SampleError> {
    let cases = CaseGenerator::new(options, areas, calendar);
    for month in cases.months() {
        let of_cases = format!("{FOLDER}/{month}-cases.csv.gz");
        let of_events = format!("{FOLDER}/{month}-events.csv.gz");
        let failed = |source| SampleError::Write { path: of_cases.clone(), source };
        let truth = match (press.open(&of_cases)?, press.open(&of_events)?) {
            (Some(mut to), Some(mut events_to)) => {
                write_zipped(&cases, month, &mut to, &mut events_to).map_err(failed)?
            }
            _ => {
                let (mut bytes, mut of_event) = (Vec::new(), Vec::new());
                let truth = write_zipped(&cases, month, &mut bytes, &mut of_event).map_err(failed)?;
                press.plain(&of_cases, bytes)?;
                press.plain(&of_events, of_event)?;
                truth
            }
        };
        press.cases(&truth);
    }
    Ok(())
}

/// [`write_month`], zipped; the time in the head of the file is left out, so that the same cases are the same bytes.
fn write_zipped(
    cases: &CaseGenerator<'_>,
    month: Period,
    to: &mut dyn Write,
    events_to: &mut dyn Write,
) -> io::Result<CaseTruth> {
    let mut to = GzEncoder::new(to, Compression::default());
    let mut events_to = GzEncoder::new(events_to, Compression::default());
    let truth = write_month(cases, month, &mut to, Some(&mut events_to))?;
    to.finish()?.flush()?;
    events_to.finish()?.flush()?;
    Ok(truth)
}

/// Writes the cases received in a month with their header, and their events if there is somewhere for them.
pub fn write_month(
    cases: &CaseGenerator<'_>,
    month: Period,
    to: &mut dyn Write,
    mut events_to: Option<&mut dyn Write>,
) -> io::Result<CaseTruth> {
    let mut truth = CaseTruth::default();
    writeln!(to, "{CASE_COLUMNS}")?;
    if let Some(events_to) = events_to.as_mut() {
        writeln!(events_to, "{EVENT_COLUMNS}")?;
    }
    let mut line = Vec::with_capacity(256);
    for case in cases.numbers(cases.received_in(month)) {
        truth.note(&case);
        line.clear();
        case_line(&case, &mut line)?;
        to.write_all(&line)?;
        if let Some(events_to) = events_to.as_mut() {
            line.clear();
            for event in &case.record.events {
                event_line(&case.record.id, event, &mut line)?;
            }
            events_to.write_all(&line)?;
        }
    }
    Ok(truth)
}

fn case_line(case: &SampleCase, out: &mut Vec<u8>) -> io::Result<()> {
    let record = &case.record;
    let text = |code: &Option<std::sync::Arc<str>>| code.clone().unwrap_or_default();
    write!(out, "{},{},{},{},", record.id, record.channel, record.category, record.priority)?;
    write!(out, "{},{},", text(&record.area), text(&record.org))?;
    if case.fault == Some(Fault::UnreadableTime) {
        out.extend_from_slice(UNREADABLE_TIME.as_bytes());
    } else {
        moment(Some(record.received_at), out)?;
    }
    for at in [record.due_at, record.resolved_at] {
        out.push(b',');
        moment(at, out)?;
    }
    write!(out, ",{},", text(&record.parent))?;
    if let Some(degrees) = record.longitude {
        write!(out, "{degrees:.4}")?;
    }
    out.push(b',');
    if let Some(degrees) = record.latitude {
        write!(out, "{degrees:.4}")?;
    }
    out.push(b',');
    moment(wall_clock(record.updated_at), out)?;
    out.push(b'\n');
    Ok(())
}

fn event_line(id: &str, event: &CaseEvent, out: &mut Vec<u8>) -> io::Result<()> {
    write!(out, "{id},{},", event.seq)?;
    moment(Some(event.at), out)?;
    write!(out, ",{},{},", event.kind, event.org.as_deref().unwrap_or_default())?;
    moment(event.due, out)?;
    out.push(b',');
    out.extend_from_slice(match event.satisfied {
        Some(true) => b"1",
        Some(false) => b"0",
        None => b"",
    });
    out.push(b'\n');
    Ok(())
}

fn wall_clock(at: Vintage) -> Option<Moment> {
    Moment::from_vintage(at)
}

/// `2022-05-25 12:00:00`, or nothing.
fn moment(at: Option<Moment>, out: &mut Vec<u8>) -> io::Result<()> {
    let Some(at) = at.map(Moment::local) else { return Ok(()) };
    write!(
        out,
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}
