//! Who works on which threads. Readers are answered by threads of their own; pulling, computing and publishing go on
//! beside them on threads that step back when a reader needs the processor. On two cores a computation that takes both
//! for half a second would otherwise make every page wait.

use std::future::Future;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// How far the threads that work step back, of 19: a reader's thread weighs nine times as much.
const STEP_BACK: libc::c_int = 10;

/// The runtime of a process: its threads, and those that they start, step back for threads of other runtimes.
pub fn worker_runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().thread_name("work").on_thread_start(step_back).build()
}

/// Lowers the priority of the calling thread. Threads that it starts inherit that.
fn step_back() {
    // SAFETY: takes and gives plain numbers. On Linux 0 means the calling thread; a process may always step back, and if
    // the system refuses all the same, work is only as urgent as answering.
    #[cfg(target_os = "linux")]
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, STEP_BACK);
    }
}

/// Threads that answer readers.
pub(super) struct Readers(Option<Runtime>);

impl Readers {
    /// Starts them. Called on a thread that has not stepped back, so that they have not either.
    pub fn start() -> std::io::Result<Self> {
        Ok(Self(Some(Builder::new_multi_thread().enable_all().thread_name("readers").build()?)))
    }

    /// Answers until asked to stop.
    pub async fn serve(
        &self,
        listener: TcpListener,
        router: Router,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        // The listener belongs to the runtime that it was bound on: it moves to the readers' one.
        let listener = listener.into_std()?;
        let answering = async move {
            // The end of an answer does not wait for the reader's receipt of its beginning.
            let at_once = |stream: &mut TcpStream| drop(stream.set_nodelay(true));
            let listener = TcpListener::from_std(listener)?.tap_io(at_once);
            axum::serve(listener, router).with_graceful_shutdown(stop).await
        };
        let runtime = self.0.as_ref().expect("it is taken when dropped");
        runtime.spawn(answering).await.unwrap_or_else(|e| Err(std::io::Error::other(e)))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        // A runtime may not wait for its threads where others are served.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
