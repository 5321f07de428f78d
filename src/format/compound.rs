//! The streams of a compound file (OLE2), the container of XLS. Reads one stream by name, with every chain bounded by
//! the size of the file. No writing, no encryption.

/// Ends a chain of sectors.
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
/// Sector numbers from here on are marks, not sectors.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
/// Sector numbers of the allocation table that stand in the header.
const HEADER_SLOTS: usize = 109;
/// Bytes of one directory entry.
const ENTRY: usize = 128;

/// What is wrong with the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum CompoundError {
    #[error("the header is damaged")]
    Header,
    #[error("the file ends too early")]
    Short,
    #[error("its sectors run in a circle")]
    Circle,
}

/// The first stream with one of these names (compared without case); `None` if there is none.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Result<Option<Vec<u8>>, CompoundError> {
    let file = Compound::open(bytes)?;
    for entry in file.directory.chunks_exact(ENTRY) {
        let name: Vec<u16> = entry[..64].chunks_exact(2).map(|p| u16::from_le_bytes([p[0], p[1]])).collect();
        let name: String = char::decode_utf16(name.into_iter().take_while(|c| *c != 0)).flatten().collect();
        let is_stream = entry[66] == 2;
        if is_stream && names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
            return file.read(entry).map(Some);
        }
    }
    Ok(None)
}

struct Compound<'a> {
    bytes: &'a [u8],
    sector_size: usize,
    /// Streams shorter than this live in the mini stream.
    mini_cutoff: u32,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    directory: Vec<u8>,
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, CompoundError> {
        if bytes.len() < 512 {
            return Err(CompoundError::Short);
        }
        let sector_size = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(CompoundError::Header),
        };
        let field = |at| u32_at(bytes, at).ok_or(CompoundError::Header);
        let mut file = Self {
            bytes,
            sector_size,
            mini_cutoff: field(56)?,
            table: Vec::new(),
            mini_table: Vec::new(),
            directory: Vec::new(),
        };
        file.table = file.allocation_table(field(68)?)?;
        file.directory = file.chain(field(48)?)?;
        file.mini_table = words(&file.chain(field(60)?)?);
        Ok(file)
    }

    fn sector(&self, number: u32) -> Result<&'a [u8], CompoundError> {
        let from = (number as usize + 1) * self.sector_size;
        let sector = self.bytes.get(from..).ok_or(CompoundError::Short)?;
        Ok(&sector[..sector.len().min(self.sector_size)])
    }

    /// The allocation table: its sectors are listed in the header, then in a chain of lists.
    fn allocation_table(&self, mut list: u32) -> Result<Vec<u32>, CompoundError> {
        let mut sectors = words(&self.bytes[76..76 + 4 * HEADER_SLOTS]);
        let most = self.bytes.len() / self.sector_size;
        let mut lists = 0;
        while list < FIRST_MARK {
            lists += 1;
            if lists > most {
                return Err(CompoundError::Circle);
            }
            let mut numbers = words(self.sector(list)?);
            list = numbers.pop().unwrap_or(END_OF_CHAIN);
            sectors.extend(numbers);
        }
        let mut table = Vec::new();
        for number in sectors.into_iter().filter(|n| *n < FIRST_MARK).take(most) {
            table.extend(words(self.sector(number)?));
        }
        Ok(table)
    }

    fn chain(&self, first: u32) -> Result<Vec<u8>, CompoundError> {
        let mut out = Vec::new();
        let mut number = first;
        while number < FIRST_MARK {
            if out.len() > self.bytes.len() {
                return Err(CompoundError::Circle);
            }
            out.extend_from_slice(self.sector(number)?);
            number = self.table.get(number as usize).copied().ok_or(CompoundError::Short)?;
        }
        Ok(out)
    }

    fn read(&self, entry: &[u8]) -> Result<Vec<u8>, CompoundError> {
        let start = u32_at(entry, 116).ok_or(CompoundError::Header)?;
        let size = u32_at(entry, 120).ok_or(CompoundError::Header)?;
        let mut stream = if size < self.mini_cutoff { self.mini_chain(start)? } else { self.chain(start)? };
        stream.truncate(size as usize);
        Ok(stream)
    }

    /// A chain of 64-byte sectors inside the stream of the root entry.
    fn mini_chain(&self, first: u32) -> Result<Vec<u8>, CompoundError> {
        let root = u32_at(&self.directory, 116).ok_or(CompoundError::Header)?;
        let container = self.chain(root)?;
        let mut out = Vec::new();
        let mut number = first;
        while number < FIRST_MARK {
            if out.len() > container.len() {
                return Err(CompoundError::Circle);
            }
            let from = number as usize * 64;
            let sector = container.get(from..).ok_or(CompoundError::Short)?;
            out.extend_from_slice(&sector[..sector.len().min(64)]);
            number = self.mini_table.get(number as usize).copied().ok_or(CompoundError::Short)?;
        }
        Ok(out)
    }
}

/// Little-endian number at a byte offset.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?).map(|b| u16::from_le_bytes([b[0], b[1]]))
}

/// Little-endian number at a byte offset.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}
