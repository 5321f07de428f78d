//! The readers of the load measurement: requests written beforehand over connections that are kept open, by one thread
//! that does nothing else. A client library would cost more than the pages it asks for, and the generator shares the two
//! cores with the server that it measures.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Room for the largest page.
const BUFFER_BYTES: usize = 512 << 10;

/// An answer, as far as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status line and headers.
    pub head: String,
    /// The body as it was sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The status.
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0)
    }

    /// A header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let of = |line: &'_ str| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).is_some();
        self.head.lines().find(|line| of(line)).and_then(|l| l.split_once(": ")).map_or("", |(_, value)| value)
    }
}

/// A request as it goes over the wire.
pub fn get(path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: vec![0; BUFFER_BYTES] }
    }

    /// Sends a request and reads its answer to the end; gives where the head ends and the whole does.
    async fn ask(&mut self, request: &[u8]) -> (usize, usize) {
        self.stream.write_all(request).await.unwrap();
        let (mut filled, mut head) = (0, None);
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await.unwrap();
            assert!(read > 0, "the server closed the connection");
            filled += read;
            let held = &self.buffer[..filled];
            if head.is_none() {
                head = held.windows(4).position(|w| w == b"\r\n\r\n").map(|at| (at + 4, length(&held[..at + 4])));
            }
            match head {
                Some((end, Some(length))) if filled >= end + length => return (end, end + length),
                // The end of a body in chunks; that compressed bytes hold these five by chance does not happen twice.
                Some((end, None)) if held.ends_with(b"\r\n0\r\n\r\n") => return (end, filled),
                _ => {}
            }
        }
    }
}

/// Length of the body: as declared, nothing for a 304, `None` for chunks.
fn length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).expect("heads are ASCII");
    if head.starts_with("HTTP/1.1 304") {
        return Some(0);
    }
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).find_map(|(_, value)| value.parse().ok())
}

/// One answer.
pub async fn ask(address: SocketAddr, request: &[u8]) -> Answer {
    let mut connection = Connection::open(address).await;
    let (head, whole) = connection.ask(request).await;
    let text = String::from_utf8(connection.buffer[..head].to_vec()).expect("heads are ASCII");
    Answer { head: text, body: connection.buffer[head..whole].to_vec() }
}

/// Requests in an order that all clients share: each asks for the next one.
pub struct Script {
    requests: Vec<Vec<u8>>,
    next: AtomicUsize,
}

impl Script {
    /// These requests over and over.
    pub fn new(requests: Vec<Vec<u8>>) -> Self {
        Self { requests, next: AtomicUsize::new(0) }
    }

    fn next(&self) -> &[u8] {
        &self.requests[self.next.fetch_add(1, Ordering::Relaxed) % self.requests.len()]
    }
}

/// What a load came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Answers per second.
    pub per_second: f64,
    /// Times from request to the last byte, ascending.
    times: Vec<Duration>,
}

impl Outcome {
    fn of(mut times: Vec<Duration>, took: Duration) -> Self {
        times.sort_unstable();
        Self { per_second: times.len() as f64 / took.as_secs_f64(), times }
    }

    /// The time that this share of the answers did not exceed, in milliseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        let at = ((self.times.len() as f64 * share) as usize).min(self.times.len() - 1);
        self.times[at].as_secs_f64() * 1e3
    }
}

/// Clients that ask for the next page as soon as they have one.
pub async fn busy(address: SocketAddr, script: &'static Script, clients: usize, length: Duration) -> Outcome {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await;
            let mut times = Vec::new();
            while began.elapsed() < length {
                let asked = Instant::now();
                connection.ask(script.next()).await;
                times.push(asked.elapsed());
            }
            times
        });
    }
    let times = tasks.join_all().await.concat();
    Outcome::of(times, began.elapsed())
}

/// Clients that click once a second, each at its own moment. Who waits longer than that clicks late, and the wait counts
/// from when the click was due.
pub async fn paced(address: SocketAddr, script: &'static Script, clients: usize, length: Duration) -> Outcome {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await;
            let mut times = Vec::new();
            let mut due = began + Duration::from_secs(1) + Duration::from_secs(1) * client as u32 / clients as u32;
            while due < began + length + Duration::from_secs(1) {
                let late = Instant::now() > due;
                tokio::time::sleep_until(due.into()).await;
                let asked = if late { due } else { Instant::now() };
                connection.ask(script.next()).await;
                times.push(asked.elapsed());
                due += Duration::from_secs(1);
            }
            times
        });
    }
    let times = tasks.join_all().await.concat();
    Outcome::of(times, began.elapsed())
}
