//! The only place that builds a DataFusion session: time zone, memory, partitions, what SQL may reach.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};

/// The city's zone by name: without it, `timestamptz` drops to naive UTC and midnight falls at seven in the morning.
const TIME_ZONE: &str = "Asia/Ho_Chi_Minh";

/// Builds sessions over one shared runtime (object stores, file metadata cache).
#[derive(Debug, Clone)]
pub struct Sessions {
    runtime: Arc<RuntimeEnv>,
    partitions: usize,
}

impl Sessions {
    /// `memory_bytes` bounds the engine's own work; what does not fit spills to the system's temporary folder.
    pub fn new(memory_bytes: usize) -> Result<Self, DataFusionError> {
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(memory_bytes)))
            .with_max_temp_directory_size(16 << 30)
            .build_arc()?;
        let partitions = std::thread::available_parallelism().map_or(2, |n| n.get());
        Ok(Self { runtime, partitions })
    }

    fn config(&self) -> SessionConfig {
        SessionConfig::new()
            .with_target_partitions(self.partitions)
            .with_information_schema(true)
            .set_str("datafusion.execution.time_zone", TIME_ZONE)
            .set_usize("datafusion.sql_parser.recursion_limit", 50)
    }

    /// A session for the engine's own plans.
    pub fn engine(&self) -> SessionContext {
        SessionContext::new_with_config_rt(self.config(), Arc::clone(&self.runtime))
    }

    /// A session for one analyst's query: its own memory pool, and no way to name a file: no table factories, no file
    /// formats, no URL tables.
    pub fn analyst(&self, memory_bytes: usize) -> Result<SessionContext, DataFusionError> {
        let runtime = RuntimeEnvBuilder::from_runtime_env(&self.runtime)
            .with_memory_pool(Arc::new(FairSpillPool::new(memory_bytes)))
            .build_arc()?;
        let state = SessionStateBuilder::new()
            .with_config(self.config().with_default_catalog_and_schema("toancanh", "public"))
            .with_runtime_env(runtime)
            .with_default_features()
            .with_table_factories(HashMap::new())
            .with_file_formats(Vec::new())
            .build();
        Ok(SessionContext::new_with_state(state))
    }
}
