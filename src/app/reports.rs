//! Reports on schedule: printed from the served figures and laid into a folder.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use crate::compute::Engine;
use crate::domain::Clock;
use crate::error::Coded;
use crate::feed::Declarations;
use crate::job::{Job, JobFailed, Occasion};
use crate::present::Language;
use crate::report::{Desk, Form, Order, archive};

/// Prints every declared report for the newest period that is over.
pub(super) struct ReportJob {
    pub desk: Arc<Desk>,
    pub engine: Arc<Engine>,
    pub feeds: Arc<Declarations>,
    pub clock: Arc<dyn Clock>,
    pub folder: PathBuf,
}

impl ReportJob {
    /// Prints one report as PDF and workbook; gives the files that are new.
    async fn print(&self, id: &str) -> Result<Vec<String>, JobFailed> {
        let order = Order { id: id.to_owned(), period: None, as_of: None, language: Language::Vi };
        let mut laid = Vec::new();
        for form in [Form::Pdf, Form::Xlsx] {
            let ready = self.desk.ready(&self.engine, &self.feeds, self.clock.now(), &order).await.map_err(failed)?;
            let name = ready.file_name(form);
            let bytes = self.desk.print(&self.engine, ready, form).await.map_err(failed)?;
            let (folder, file) = (self.folder.clone(), name.clone());
            let put = tokio::task::spawn_blocking(move || archive::lay(&folder, &file, &bytes)).await;
            let put = put.map_err(|e| JobFailed { words: format!("laying {name} broke off: {e}") })?;
            if put.map_err(|e| JobFailed { words: format!("cannot write \"{name}\": {e}") })?.is_some() {
                laid.push(name);
            }
        }
        Ok(laid)
    }
}

fn failed<E: Coded>(error: E) -> JobFailed {
    let hint = error.hint().map(|hint| format!(" {hint}")).unwrap_or_default();
    JobFailed { words: format!("{error}.{hint}") }
}

#[async_trait]
impl Job for ReportJob {
    fn name(&self) -> &str {
        "reports"
    }

    /// A report that is refused does not keep the others from being printed.
    async fn run(&self, _occasion: Occasion) -> Result<String, JobFailed> {
        let declared = self.desk.declared(self.engine.catalog()).map_err(failed)?;
        let (mut laid, mut refused) = (Vec::new(), Vec::new());
        for id in declared.keys() {
            match self.print(id).await {
                Ok(files) => laid.extend(files),
                Err(failed) => refused.push(failed.words),
            }
        }
        if refused.is_empty() {
            Ok(format!("laid {}", laid.join(", ")))
        } else {
            Err(JobFailed { words: refused.join("; ") })
        }
    }
}
