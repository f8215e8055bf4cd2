//! DER, as far as certificates and files of keys need it: one value after the other, each with its tag.

/// The tag of a whole number.
pub const INTEGER: u8 = 0x02;
/// The tag of a bit string.
pub const BITS: u8 = 0x03;
/// The tag of an octet string.
pub const OCTETS: u8 = 0x04;
/// The tag of an object identifier.
pub const OID: u8 = 0x06;
/// The tag of a time whose year has two digits.
pub const UTC_TIME: u8 = 0x17;
/// The tag of a time whose year has four.
pub const GENERALIZED_TIME: u8 = 0x18;
/// The tag of a sequence.
pub const SEQUENCE: u8 = 0x30;
/// `[0]` around one value.
pub const EXPLICIT: u8 = 0xa0;
/// `[0]` in the place of the tag of an octet string.
pub const IMPLICIT: u8 = 0x80;

/// The bytes are not DER, or not what is expected there.
#[derive(Debug, PartialEq, Eq)]
pub struct NotDer;

/// Values that are still to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The values of these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all are read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next value.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The content of the next value, which has this tag.
    ///
    /// # Errors
    /// Another value is there, none, or a part of one.
    pub fn value(&mut self, tag: u8) -> Result<&'a [u8], NotDer> {
        let (found, content) = self.next()?;
        if found == tag { Ok(content) } else { Err(NotDer) }
    }

    /// The values within the next one, which has this tag.
    ///
    /// # Errors
    /// Another value is there, none, or a part of one.
    pub fn within(&mut self, tag: u8) -> Result<Self, NotDer> {
        self.value(tag).map(Self)
    }

    /// A whole number of at most 32 bits.
    ///
    /// # Errors
    /// Another value is there, none, or a part of one.
    pub fn number(&mut self) -> Result<u32, NotDer> {
        let content = self.value(INTEGER)?;
        let digits = match content {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        if digits.is_empty() || digits.len() > 4 || content.first().is_some_and(|first| first & 0x80 != 0) {
            return Err(NotDer);
        }
        Ok(digits.iter().fold(0, |number, digit| number << 8 | u32::from(*digit)))
    }

    fn next(&mut self) -> Result<(u8, &'a [u8]), NotDer> {
        let (tag, rest) = self.0.split_first().ok_or(NotDer)?;
        let (first, rest) = rest.split_first().ok_or(NotDer)?;
        let (length, rest) = match usize::from(*first) {
            short @ ..=0x7f => (short, rest),
            // Lengths that are not told, which BER has, are refused.
            long @ 0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(long - 0x80).ok_or(NotDer)?;
                (digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)), rest)
            }
            _ => return Err(NotDer),
        };
        let (content, rest) = rest.split_at_checked(length).ok_or(NotDer)?;
        self.0 = rest;
        Ok((*tag, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_a_tag_a_length_and_an_end() {
        let mut reader = Reader::new(&[2, 1, 7, 4, 0x81, 2, 1, 2, 0x30, 0]);
        assert_eq!(reader.number(), Ok(7));
        assert_eq!(reader.peek(), Some(OCTETS));
        assert_eq!(reader.value(OCTETS), Ok(&[1, 2][..]));
        assert!(reader.within(SEQUENCE).is_ok_and(|inner| inner.is_empty()));
        assert!(reader.is_empty());
        for bad in [
            &[][..],
            &[2],
            &[2, 1],
            &[2, 0],
            &[2, 5, 1, 1, 1, 1, 1],
            &[2, 1, 0x80],
            &[4, 0x80, 0, 0],
            &[4, 0x85, 0, 0, 0, 0, 0],
            &[4, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] {
            let mut reader = Reader::new(bad);
            assert!(reader.number().is_err() && reader.value(OCTETS).is_err(), "{bad:x?}");
        }
    }
}
