//! Reads the few facts of an X.509 certificate (RFC 5280) that signing by it needs.

use super::der::{BITS, EXPLICIT, GENERALIZED_TIME, INTEGER, NotDer, OID, Reader, SEQUENCE, UTC_TIME};
use crate::validate::date_time;

/// The keys that Entra takes for PS256: rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];

/// The tags of what may come after the key: `[1]` and `[2]` in place of a bit string's, and `[3]` around extensions.
const MORE: [u8; 3] = [0x81, 0x82, 0xa3];

/// The validity and the key that a certificate states. Its signature is not checked here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateFacts<'a> {
    /// The first second of its validity, counted from 1970.
    pub valid_from: i64,
    /// The last second of its validity, counted from 1970.
    pub valid_until: i64,
    /// The public key as it is signed in it, where it is one of rsaEncryption. One of id-RSASSA-PSS is not.
    pub rsa_key: Option<&'a [u8]>,
}

impl<'a> CertificateFacts<'a> {
    /// Reads a certificate, as DER.
    ///
    /// # Errors
    /// It is not one, or not a whole one.
    pub fn read(der: &'a [u8]) -> Result<Self, NotDer> {
        let mut whole = Reader::new(der);
        let mut certificate = whole.within(SEQUENCE)?;
        let mut facts = certificate.within(SEQUENCE)?;
        certificate.within(SEQUENCE)?;
        certificate.value(BITS)?;
        if !whole.is_empty() || !certificate.is_empty() {
            return Err(NotDer);
        }
        if facts.peek() == Some(EXPLICIT) {
            // The version.
            facts.value(EXPLICIT)?;
        }
        // The serial number, the algorithm of the signature, and the issuer.
        facts.value(INTEGER)?;
        facts.value(SEQUENCE)?;
        facts.value(SEQUENCE)?;
        let mut validity = facts.within(SEQUENCE)?;
        let (valid_from, valid_until) = (time(&mut validity)?, time(&mut validity)?);
        // The subject.
        facts.value(SEQUENCE)?;
        let mut public = facts.within(SEQUENCE)?;
        let is_rsa = public.within(SEQUENCE)?.value(OID)? == RSA;
        let (unused_bits, key) = public.value(BITS)?.split_first().ok_or(NotDer)?;
        // Ids of issuer and subject, and extensions.
        while let Some(tag) = facts.peek() {
            facts.value(if MORE.contains(&tag) { tag } else { return Err(NotDer) })?;
        }
        if !validity.is_empty() || !public.is_empty() {
            return Err(NotDer);
        }
        let rsa_key = (is_rsa && *unused_bits == 0).then_some(key);
        Ok(Self { valid_from, valid_until, rsa_key })
    }

    /// The bits of the RSA key's modulus (RFC 8017, A.1.1). A signature by the key has as many.
    ///
    /// # Errors
    /// There is no RSA key, or it can't be read.
    pub fn rsa_bits(&self) -> Result<usize, NotDer> {
        let mut key = Reader::new(self.rsa_key.ok_or(NotDer)?).within(SEQUENCE)?;
        let modulus = key.value(INTEGER)?;
        let first = modulus.iter().position(|byte| *byte != 0).ok_or(NotDer)?;
        let digits = modulus.get(first..).unwrap_or_default();
        let unused = digits.first().map_or(0, |byte| byte.leading_zeros());
        Ok(digits.len() * 8 - unused as usize)
    }
}

/// A time in seconds since 1970. RFC 5280 has one form for each tag, in UTC and with seconds.
fn time(reader: &mut Reader<'_>) -> Result<i64, NotDer> {
    let (text, year) = match reader.peek() {
        Some(UTC_TIME) => {
            let text = text(reader.value(UTC_TIME)?)?;
            let century = if text < "50" { "20" } else { "19" };
            (text, century)
        }
        _ => (text(reader.value(GENERALIZED_TIME)?)?, ""),
    };
    let whole = format!("{year}{text}");
    let part = |from: usize| whole.get(from..from + 2).ok_or(NotDer);
    let (year, month, day) = (whole.get(..4).ok_or(NotDer)?, part(4)?, part(6)?);
    let (hour, minute, second) = (part(8)?, part(10)?, part(12)?);
    let zone = whole.get(14..).ok_or(NotDer)?;
    let written = format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}");
    let moment = date_time::parse(&written).filter(|_| zone == "Z").ok_or(NotDer)?;
    Ok(moment.unix_seconds())
}

fn text(bytes: &[u8]) -> Result<&str, NotDer> {
    str::from_utf8(bytes).map_err(|_| NotDer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    /// A certificate of version 3, whose parts can be changed.
    fn changed(
        from: (u8, &str),
        until: (u8, &str),
        key: &[u8],
        change: impl FnOnce(&mut [Vec<u8>; 8]),
    ) -> Vec<u8> {
        let algorithm = value(SEQUENCE, &value(OID, key));
        let validity = [value(from.0, from.1.as_bytes()), value(until.0, until.1.as_bytes())].concat();
        let public = [algorithm.clone(), value(BITS, &[0, 7, 8])].concat();
        let mut facts = [
            value(EXPLICIT, &value(INTEGER, &[2])),
            value(INTEGER, &[1]),
            algorithm.clone(),
            value(SEQUENCE, &[]),
            value(SEQUENCE, &validity),
            value(SEQUENCE, &[]),
            value(SEQUENCE, &public),
            Vec::new(),
        ];
        change(&mut facts);
        value(SEQUENCE, &[value(SEQUENCE, &facts.concat()), algorithm, value(BITS, &[0])].concat())
    }

    fn certificate(from: (u8, &str), until: (u8, &str), key: &[u8]) -> Vec<u8> {
        changed(from, until, key, |_| {})
    }

    /// A certificate of this year, whose parts can be changed.
    fn this_year(change: impl FnOnce(&mut [Vec<u8>; 8])) -> Vec<u8> {
        changed((UTC_TIME, "260101000000Z"), (UTC_TIME, "270101000000Z"), RSA, change)
    }

    fn public(key: &[u8]) -> Vec<u8> {
        value(SEQUENCE, &[value(SEQUENCE, &value(OID, RSA)), value(BITS, key)].concat())
    }

    #[test]
    fn the_times_and_the_key_of_a_certificate_are_read() {
        let der = certificate((UTC_TIME, "491231235959Z"), (GENERALIZED_TIME, "99991231235959Z"), RSA);
        let facts = CertificateFacts::read(&der).unwrap();
        assert_eq!((facts.valid_from, facts.valid_until), (2_524_607_999, 253_402_300_799));
        assert_eq!(facts.rsa_key, Some(&[7, 8][..]));
        let der = certificate((UTC_TIME, "500101000000Z"), (UTC_TIME, "700101000001Z"), &RSA[1..]);
        let facts = CertificateFacts::read(&der).unwrap();
        assert_eq!((facts.valid_from, facts.valid_until, facts.rsa_key), (-631_152_000, 1, None));
    }

    #[test]
    fn a_certificate_of_version_1_and_one_with_extensions_are_read() {
        let plain = this_year(|_| {});
        let of_version_1 = this_year(|facts| facts[0].clear());
        let more = [value(0x81, &[0, 1]), value(0x82, &[0, 1]), value(0xa3, &value(SEQUENCE, &[]))];
        let with_more = this_year(|facts| facts[7] = more.concat());
        let expected = CertificateFacts::read(&plain).unwrap();
        assert_eq!(expected.rsa_key, Some(&[7, 8][..]));
        for der in [of_version_1, with_more] {
            assert_eq!(CertificateFacts::read(&der), Ok(expected));
        }
    }

    #[test]
    fn a_key_that_is_not_whole_bytes_or_for_one_scheme_alone_is_not_taken() {
        // id-RSASSA-PSS, 1.2.840.113549.1.1.10.
        let pss = [&RSA[..8], &[10]].concat();
        let of_pss = changed((UTC_TIME, "260101000000Z"), (UTC_TIME, "270101000000Z"), &pss, |_| {});
        let with_unused_bits = this_year(|facts| facts[6] = public(&[1, 7, 8]));
        for der in [of_pss, with_unused_bits] {
            assert_eq!(CertificateFacts::read(&der).unwrap().rsa_key, None);
        }
        assert_eq!(CertificateFacts::read(&this_year(|facts| facts[6] = public(&[]))), Err(NotDer));
    }

    #[test]
    fn a_surplus_is_refused() {
        let null = value(5, &[]);
        for at in [0, 4, 6, 7] {
            let der = this_year(|facts| {
                // Within the part, where it has one.
                let content = facts[at].get(2..).unwrap_or_default();
                facts[at] = match facts[at].first() {
                    Some(tag) if at > 0 => value(*tag, &[content, &null].concat()),
                    _ => [&facts[at][..], &null].concat(),
                };
            });
            assert_eq!(CertificateFacts::read(&der), Err(NotDer), "{at}");
        }
    }

    #[test]
    fn the_length_of_an_rsa_key_is_read() {
        let bits = |modulus: &[u8]| {
            let numbers = [value(INTEGER, modulus), value(INTEGER, &[1, 0, 1])].concat();
            let key = value(SEQUENCE, &numbers);
            CertificateFacts { valid_from: 0, valid_until: 0, rsa_key: Some(&key) }.rsa_bits()
        };
        assert_eq!(bits(&[0, 0x80, 0]), Ok(16));
        assert_eq!(bits(&[0x7f, 0]), Ok(15));
        assert_eq!((bits(&[0]), bits(&[])), (Err(NotDer), Err(NotDer)));
        let facts = CertificateFacts { valid_from: 0, valid_until: 0, rsa_key: Some(&[7, 8]) };
        assert_eq!(facts.rsa_bits(), Err(NotDer));
        assert_eq!(CertificateFacts { rsa_key: None, ..facts }.rsa_bits(), Err(NotDer));
    }

    #[test]
    fn what_is_not_a_whole_certificate_is_refused() {
        let whole = certificate((UTC_TIME, "260101000000Z"), (UTC_TIME, "270101000000Z"), RSA);
        for end in 0..whole.len() {
            assert_eq!(CertificateFacts::read(&whole[..end]), Err(NotDer), "{end}");
        }
        assert_eq!(CertificateFacts::read(&[&whole[..], &[0]].concat()), Err(NotDer));
        for time in ["260230000000Z", "2601010000Z", "260101000000+0100", "", "\u{e9}", "260101000060Z"] {
            let der = certificate((UTC_TIME, time), (UTC_TIME, "270101000000Z"), RSA);
            assert_eq!(CertificateFacts::read(&der), Err(NotDer), "{time}");
        }
    }
}
