//! Which storage a lake lies on: local disk, or S3-compatible storage by configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deltalake::logstore::{LogStore, LogStoreFactory, StorageConfig, default_logstore, logstore_factories};
use deltalake::{DeltaResult, DeltaTable, DeltaTableBuilder};
use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};
use url::Url;

use super::disk::DurableDisk;
use super::{StoreError, Table};

/// Where a lake is and whether this process writes to it.
#[derive(Clone)]
pub struct LakeConfig {
    address: String,
    options: BTreeMap<String, String>,
    lock_file: Option<PathBuf>,
}

impl LakeConfig {
    /// A lake in a folder of the local disk, to write to. The lock file lies in the folder.
    pub fn disk(folder: &Path) -> Self {
        let address = folder.to_string_lossy().into_owned();
        Self { address, options: BTreeMap::new(), lock_file: Some(folder.join("writer.lock")) }
    }

    /// A lake at `address` (a folder, `file:///folder`, or `s3://bucket/prefix`), to write to, with the options of
    /// S3-compatible storage (`endpoint`, `region`, `access_key_id`, `secret_access_key`, `allow_http`, ...; the
    /// `AWS_*` variables of the environment count where an option is not given). The lock file must be on a local disk.
    pub fn at(address: &str, options: BTreeMap<String, String>, lock_file: PathBuf) -> Self {
        Self { address: address.to_owned(), options, lock_file: Some(lock_file) }
    }

    /// The same lake for reading only: needs no lock and creates nothing.
    pub fn read_only(mut self) -> Self {
        self.lock_file = None;
        self
    }

    /// The lock file, `None` when reading only.
    pub(super) fn lock_file(&self) -> Option<&Path> {
        self.lock_file.as_deref()
    }
}

impl fmt::Debug for LakeConfig {
    /// Option values may be secrets, so only their names are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<&String> = self.options.keys().collect();
        f.debug_struct("LakeConfig")
            .field("address", &self.address)
            .field("options", &options)
            .field("lock_file", &self.lock_file)
            .finish()
    }
}

/// An object store and the folder of the lake in it.
#[derive(Debug, Clone)]
pub(super) struct Backend {
    /// From the root of the disk or bucket.
    store: Arc<dyn ObjectStore>,
    /// The lake's folder, ending in a slash.
    url: Url,
}

impl Backend {
    /// The storage that a configuration names.
    pub(super) fn connect(config: &LakeConfig) -> Result<Self, StoreError> {
        match Url::parse(&config.address) {
            Ok(url) if url.scheme() == "s3" => Ok(Self::on(s3(&url, &config.options)?, url)),
            Ok(url) if url.scheme() == "file" => {
                let folder = url.to_file_path().map_err(|()| refuse(&config.address, "is not a local folder"))?;
                Self::disk(&folder)
            }
            // A single letter is a drive, anything else with a scheme is not ours.
            Ok(url) if url.scheme().len() > 1 => Err(refuse(&config.address, "must be a folder, file:// or s3://")),
            _ => Self::disk(Path::new(&config.address)),
        }
    }

    fn disk(folder: &Path) -> Result<Self, StoreError> {
        let failed = |action| move |source| StoreError::File { action, path: folder.into(), source };
        let folder = std::path::absolute(folder).map_err(failed("find"))?;
        let url = Url::from_directory_path(&folder)
            .map_err(|()| refuse(&folder.to_string_lossy(), "is not an absolute folder"))?;
        Ok(Self::on(Arc::new(DurableDisk::new()), url))
    }

    /// A lake in `url` on a given store, which must refuse to create an object that exists.
    pub(super) fn on(store: Arc<dyn ObjectStore>, mut url: Url) -> Self {
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let scheme = Url::parse(&format!("{}://", url.scheme())).expect("a scheme with nothing after it is a URL");
        // Delta knows file:// and memory:// by itself; any other store commits by conditional put as well.
        logstore_factories().entry(scheme).or_insert_with(|| Arc::new(ConditionalPut));
        Self { store, url }
    }

    /// The folder of a table, where the lake is on a local disk.
    pub(super) fn folder(&self, table: Table) -> Option<PathBuf> {
        let lake = (self.url.scheme() == "file").then(|| self.url.to_file_path().ok()).flatten()?;
        Some(lake.join(table.name()))
    }

    /// The handle of a table, not loaded.
    pub(super) fn table(&self, table: Table) -> Result<DeltaTable, StoreError> {
        let url = self.url.join(table.name()).expect("table names are path segments");
        DeltaTableBuilder::from_url(url.clone())
            .and_then(|builder| builder.with_storage_backend(self.store.clone(), url).build())
            .map_err(StoreError::delta(table, "open"))
    }
}

/// The bucket of an `s3://bucket/prefix` address.
fn s3(url: &Url, options: &BTreeMap<String, String>) -> Result<Arc<dyn ObjectStore>, StoreError> {
    let mut builder = AmazonS3Builder::from_env()
        .with_url(format!("s3://{}", url.host_str().unwrap_or_default()))
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    for (name, value) in options {
        let key: AmazonS3ConfigKey =
            name.to_lowercase().parse().map_err(|_| refuse(url.as_str(), &format!("has unknown option \"{name}\"")))?;
        builder = builder.with_config(key, value);
    }
    let store = builder.build().map_err(|source| StoreError::Object { action: "connect", source })?;
    Ok(Arc::new(store))
}

fn refuse(address: &str, reason: &str) -> StoreError {
    StoreError::Address { url: address.to_owned(), reason: reason.to_owned() }
}

/// Delta's log on any store that can create an object only if it does not exist.
struct ConditionalPut;

impl LogStoreFactory for ConditionalPut {
    fn with_options(
        &self,
        prefixed_store: Arc<dyn ObjectStore>,
        root_store: Arc<dyn ObjectStore>,
        location: &Url,
        options: &StorageConfig,
    ) -> DeltaResult<Arc<dyn LogStore>> {
        Ok(default_logstore(prefixed_store, root_store, location, options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Coded, ErrorCode};

    fn config(address: &str, options: &[(&str, &str)]) -> LakeConfig {
        let options = options.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        LakeConfig::at(address, options, PathBuf::from("writer.lock"))
    }

    #[test]
    fn addresses_lead_to_their_storage() {
        let s3 = config(
            "s3://figures/lake",
            &[("endpoint", "http://127.0.0.1:9000"), ("access_key_id", "k"), ("secret_access_key", "s3cr3t")],
        );
        let backend = Backend::connect(&s3).unwrap();
        assert_eq!(backend.url.as_str(), "s3://figures/lake/");
        assert!(backend.store.to_string().contains("figures"), "{}", backend.store);
        assert!(!format!("{s3:?}").contains("s3cr3t"));

        let disk = Backend::connect(&config("file:///var/lake", &[])).unwrap();
        assert_eq!((disk.url.as_str(), disk.store.to_string().as_str()), ("file:///var/lake/", "DurableDisk"));
        assert!(Backend::connect(&config("data/lake", &[])).unwrap().url.path().ends_with("/data/lake/"));
    }

    #[test]
    fn bad_addresses_and_options_are_named() {
        let ftp = Backend::connect(&config("ftp://host/lake", &[])).unwrap_err();
        assert_eq!(ftp.to_string(), "storage address \"ftp://host/lake\": must be a folder, file:// or s3://");
        let option = Backend::connect(&config("s3://b/l", &[("colour", "red")])).unwrap_err();
        assert_eq!(option.to_string(), "storage address \"s3://b/l\": has unknown option \"colour\"");
        assert_eq!(option.code(), ErrorCode::BadDeclaration);
    }
}
