//! How PKCS#12 encrypts: keys from a password, and the ciphers of RFC 7292 and RFC 8018.

use super::fault::Fault;
use aes::{Aes128, Aes192, Aes256};
use agentuser::core::sign_in::der::{INTEGER, OCTETS, OID, Reader, SEQUENCE};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use des::TdesEde3;
use rc2::Rc2;
use ring::digest::{self, Algorithm};
use ring::{hmac, pbkdf2};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

type Bytes = Zeroizing<Vec<u8>>;

const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
const TRIPLE_DES_BY_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 3];
const RC2_40_BY_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 6];
const AES_128: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 2];
const AES_192: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 22];
const AES_256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42];
const TRIPLE_DES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 7];
const HMAC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2];
const SHA1: &[u8] = &[0x2b, 0x0e, 3, 2, 26];
const SHA2: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];

/// The most rounds of a key derivation. OpenSSL and Windows use thousands; a file with billions would never be read.
const MOST_ROUNDS: u32 = 5_000_000;

/// A password in the two forms that keys are made of.
pub(super) struct Password {
    /// As UTF-8.
    text: Bytes,
    /// As big-endian UTF-16 with a zero at the end.
    wide: Bytes,
}

impl Password {
    pub(super) fn new(text: &str) -> Self {
        let units = text.encode_utf16().chain([0]).flat_map(u16::to_be_bytes);
        Self { text: Zeroizing::new(text.as_bytes().to_vec()), wide: Zeroizing::new(units.collect()) }
    }

    /// No password at all, which some programs tell apart from an empty one.
    pub(super) fn none() -> Self {
        Self { text: Bytes::default(), wide: Bytes::default() }
    }
}

/// The purpose of a derived key (RFC 7292, appendix B), by its id there.
#[derive(Clone, Copy)]
enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// Decrypts what this algorithm encrypted.
pub(super) fn decrypt(mut algorithm: Reader<'_>, data: &[u8], password: &Password) -> Result<Bytes, Fault> {
    let name = algorithm.value(OID)?;
    let mut settings = algorithm.within(SEQUENCE)?;
    if name == PBES2 {
        return by_pbes2(settings, data, password);
    }
    let salt = settings.value(OCTETS)?;
    let rounds = rounds(settings.number()?)?;
    let make =
        |purpose, length| derived(&digest::SHA1_FOR_LEGACY_USE_ONLY, password, salt, rounds, purpose, length);
    let iv = make(Purpose::Iv, 8);
    match name {
        TRIPLE_DES_BY_SHA1 => cbc(Decryptor::<TdesEde3>::new_from_slices(&make(Purpose::Key, 24), &iv), data),
        RC2_40_BY_SHA1 => cbc(Decryptor::<Rc2>::new_from_slices(&make(Purpose::Key, 5), &iv), data),
        _ => Err(Fault::Algorithm),
    }
}

fn by_pbes2(mut settings: Reader<'_>, data: &[u8], password: &Password) -> Result<Bytes, Fault> {
    let mut derivation = settings.within(SEQUENCE)?;
    if derivation.value(OID)? != PBKDF2 {
        return Err(Fault::Algorithm);
    }
    let mut derivation = derivation.within(SEQUENCE)?;
    let salt = derivation.value(OCTETS)?;
    let rounds = rounds(derivation.number()?)?;
    if derivation.peek() == Some(INTEGER) {
        derivation.number()?;
    }
    let hash = match derivation.peek() {
        Some(SEQUENCE) => match derivation.within(SEQUENCE)?.value(OID)?.strip_prefix(HMAC) {
            Some([7]) => pbkdf2::PBKDF2_HMAC_SHA1,
            Some([9]) => pbkdf2::PBKDF2_HMAC_SHA256,
            Some([10]) => pbkdf2::PBKDF2_HMAC_SHA384,
            Some([11]) => pbkdf2::PBKDF2_HMAC_SHA512,
            _ => return Err(Fault::Algorithm),
        },
        _ => pbkdf2::PBKDF2_HMAC_SHA1,
    };
    let mut cipher = settings.within(SEQUENCE)?;
    let name = cipher.value(OID)?;
    let iv = cipher.value(OCTETS)?;
    let key = |length: usize| {
        let mut key = Zeroizing::new(vec![0; length]);
        pbkdf2::derive(hash, rounds, salt, &password.text, &mut key);
        key
    };
    match name {
        AES_128 => cbc(Decryptor::<Aes128>::new_from_slices(&key(16), iv), data),
        AES_192 => cbc(Decryptor::<Aes192>::new_from_slices(&key(24), iv), data),
        AES_256 => cbc(Decryptor::<Aes256>::new_from_slices(&key(32), iv), data),
        TRIPLE_DES => cbc(Decryptor::<TdesEde3>::new_from_slices(&key(24), iv), data),
        _ => Err(Fault::Algorithm),
    }
}

/// Takes the cipher off. A wrong password shows in the padding; the code of the whole file shows it before.
fn cbc<C>(cipher: Result<Decryptor<C>, cbc::cipher::InvalidLength>, data: &[u8]) -> Result<Bytes, Fault>
where
    C: cbc::cipher::BlockCipherDecrypt,
{
    let cipher = cipher.map_err(|_| Fault::Damaged)?;
    let mut bytes = Zeroizing::new(data.to_vec());
    let length = cipher.decrypt_padded::<Pkcs7>(&mut bytes).map_err(|_| Fault::Password)?.len();
    bytes.truncate(length);
    Ok(bytes)
}

/// Whether the code that the file ends with is that of its content, by this password.
pub(super) fn is_authentic(mut mac: Reader<'_>, content: &[u8], password: &Password) -> Result<bool, Fault> {
    let mut expected = mac.within(SEQUENCE)?;
    let name = expected.within(SEQUENCE)?.value(OID)?;
    let (hash, code) = match (name, name.strip_prefix(SHA2)) {
        (SHA1, _) => (&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        (_, Some([1])) => (&digest::SHA256, hmac::HMAC_SHA256),
        (_, Some([2])) => (&digest::SHA384, hmac::HMAC_SHA384),
        (_, Some([3])) => (&digest::SHA512, hmac::HMAC_SHA512),
        _ => return Err(Fault::Algorithm),
    };
    let expected = expected.value(OCTETS)?;
    let salt = mac.value(OCTETS)?;
    let rounds = if mac.is_empty() { NonZeroU32::MIN } else { rounds(mac.number()?)? };
    let key = derived(hash, password, salt, rounds, Purpose::Mac, hash.output_len());
    Ok(hmac::verify(&hmac::Key::new(code, &key), content, expected).is_ok())
}

fn rounds(number: u32) -> Result<NonZeroU32, Fault> {
    NonZeroU32::new(number).filter(|number| number.get() <= MOST_ROUNDS).ok_or(Fault::Damaged)
}

/// The key derivation of RFC 7292, appendix B.2.
fn derived(
    hash: &'static Algorithm,
    password: &Password,
    salt: &[u8],
    rounds: NonZeroU32,
    purpose: Purpose,
    length: usize,
) -> Bytes {
    let block = hash.block_len();
    let repeated = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(block) * block;
        bytes.iter().copied().cycle().take(length).collect()
    };
    let mut input = Zeroizing::new(repeated(salt));
    input.extend_from_slice(&Zeroizing::new(repeated(&password.wide)));
    let diversifier = vec![purpose as u8; block];
    let mut key = Bytes::default();
    while key.len() < length {
        let mut context = digest::Context::new(hash);
        context.update(&diversifier);
        context.update(&input);
        let mut part = context.finish();
        for _ in 1..rounds.get() {
            part = digest::digest(hash, part.as_ref());
        }
        key.extend_from_slice(part.as_ref());
        let added: Vec<u8> = part.as_ref().iter().copied().cycle().take(block).collect();
        for chunk in input.chunks_mut(block) {
            add(chunk, &added);
        }
    }
    key.truncate(length);
    key
}

/// Adds a number and one to a number of as many bytes; what does not fit goes.
fn add(number: &mut [u8], other: &[u8]) {
    let mut carry = 1;
    for (digit, other) in number.iter_mut().zip(other).rev() {
        let sum = u16::from(*digit) + u16::from(*other) + carry;
        *digit = u8::try_from(sum & 0xff).unwrap_or_default();
        carry = sum >> 8;
    }
}
