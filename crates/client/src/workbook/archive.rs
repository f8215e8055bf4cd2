//! A ZIP archive (PKWARE's APPNOTE 6.3), whose parts are written one after the other.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::{self, Write as _};

/// An archive that grows in memory.
#[derive(Debug, Default)]
pub(super) struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    parts: u16,
}

/// A part on its way into an archive.
#[derive(Debug)]
pub(super) struct Part {
    name: String,
    text: DeflateEncoder<Vec<u8>>,
    crc: Crc,
}

impl Part {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: DeflateEncoder::new(Vec::new(), Compression::default()),
            crc: Crc::new(),
        }
    }

    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        self.crc.update(text.as_bytes());
        self.text.write_all(text.as_bytes())
    }
}

impl Archive {
    /// Adds a part that is whole.
    pub(super) fn add(&mut self, part: Part) -> io::Result<()> {
        let Part { name, text, crc } = part;
        let (offset, length) = (size(self.bytes.len())?, size(text.total_in())?);
        let packed = text.finish()?;
        // The fields that both headers share: version 2.0, UTF-8 names, deflated, and the first day that a
        // ZIP file can name, so that the same report gives the same bytes.
        let mut said = Vec::new();
        for number in [20_u16, 1 << 11, 8, 0, (1 << 5) | 1] {
            said.extend(number.to_le_bytes());
        }
        for number in [crc.sum(), size(packed.len())?, length] {
            said.extend(number.to_le_bytes());
        }
        let name_length = u16::try_from(name.len()).map_err(io::Error::other)?;
        said.extend(name_length.to_le_bytes());
        said.extend([0, 0]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&said);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(packed);
        self.directory.extend(b"PK\x01\x02\x14\x00");
        self.directory.extend(&said);
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.parts += 1;
        Ok(())
    }

    /// The bytes of the whole archive.
    pub(super) fn end(mut self) -> io::Result<Vec<u8>> {
        let (offset, length) = (size(self.bytes.len())?, size(self.directory.len())?);
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        for number in [self.parts, self.parts] {
            self.bytes.extend(number.to_le_bytes());
        }
        for number in [length, offset] {
            self.bytes.extend(number.to_le_bytes());
        }
        self.bytes.extend([0, 0]);
        Ok(self.bytes)
    }
}

/// A size as this archive has them: below 4 GiB.
fn size(bytes: impl TryInto<u32>) -> io::Result<u32> {
    bytes.try_into().map_err(|_| io::Error::other("a part has 4 GiB or more"))
}
