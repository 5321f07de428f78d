//! SDMX REST 2.1: `{root}/data/{flow}/{key}` with the wanted form in the `Accept` header.

use std::collections::BTreeMap;

use super::config::{SdmxConfig, SdmxForm};
use super::message::declared_headers;
use super::single::{Single, SingleParts};
use super::{ConnectorContext, PullError};

/// The connector of `kind = "sdmx"`: one address that this module puts together.
pub fn single(config: &SdmxConfig, context: &ConnectorContext) -> Result<Single, PullError> {
    let accept = BTreeMap::from([("accept".to_owned(), media_type(config.form).to_owned())]);
    let parts = SingleParts {
        url: data_address(config),
        headers: declared_headers(&accept)?,
        window_months: config.window_months,
        auth: config.auth.as_ref(),
        limits: &config.limits,
    };
    Single::new(parts, context)
}

fn data_address(config: &SdmxConfig) -> String {
    let root = config.url.trim_end_matches('/');
    let mut address = format!("{root}/data/{}/{}", config.flow, config.key);
    let mut separator = '?';
    for (name, period) in [("startPeriod", &config.start_period), ("endPeriod", &config.end_period)] {
        if let Some(period) = period {
            address.push(separator);
            address.push_str(&format!("{name}={period}"));
            separator = '&';
        }
    }
    address
}

/// Media types of the SDMX 2.1 web service guidelines (section 7, "content negotiation").
fn media_type(form: SdmxForm) -> &'static str {
    match form {
        SdmxForm::Generic => "application/vnd.sdmx.genericdata+xml;version=2.1",
        SdmxForm::Structure => "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
        SdmxForm::Csv => "application/vnd.sdmx.data+csv;version=1.0.0",
        SdmxForm::Json => "application/vnd.sdmx.data+json;version=1.0.0",
    }
}
