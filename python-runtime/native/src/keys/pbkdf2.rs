//! PBKDF2 with HMAC (RFC 8018), for the hash functions that OpenSSL has.

use crate::python::{Arguments, Object, Raised, new_bytes};
use ::pbkdf2::pbkdf2 as derive;
use hmac::{Hmac, SimpleHmac};

/// `pbkdf2(hash name, password, salt, rounds, length)`, nothing for an unknown name.
pub(crate) fn pbkdf2(mut arguments: Arguments<'_>) -> Result<Option<*mut Object>, Raised> {
    let name = arguments.bytes()?;
    let (password, salt) = (arguments.bytes()?, arguments.bytes()?);
    let (rounds, length) = (arguments.number()?, arguments.number()?);
    let Some(function) = function(name) else {
        return Ok(None);
    };
    let key = new_bytes(length, |key| {
        function(password, salt, rounds, key);
        Ok(())
    })?;
    Ok(Some(key))
}

type Derivation = fn(&[u8], &[u8], u32, &mut [u8]);

/// The derivation by the hash function of a name, one of those that `hashlib.new` has in lower case.
fn function(name: &[u8]) -> Option<Derivation> {
    Some(match name {
        b"md5" => by::<Hmac<md5::Md5>>,
        b"sha1" => by::<Hmac<sha1::Sha1>>,
        b"sha224" => by::<Hmac<sha2::Sha224>>,
        b"sha256" => by_sha256,
        b"sha384" => by::<Hmac<sha2::Sha384>>,
        b"sha512" => by::<Hmac<sha2::Sha512>>,
        b"sha512_224" => by::<Hmac<sha2::Sha512_224>>,
        b"sha512_256" => by::<Hmac<sha2::Sha512_256>>,
        b"sha3_224" => by::<SimpleHmac<sha3::Sha3_224>>,
        b"sha3_256" => by::<SimpleHmac<sha3::Sha3_256>>,
        b"sha3_384" => by::<SimpleHmac<sha3::Sha3_384>>,
        b"sha3_512" => by::<SimpleHmac<sha3::Sha3_512>>,
        b"blake2b" => by::<SimpleHmac<blake2::Blake2b512>>,
        b"blake2s" => by::<SimpleHmac<blake2::Blake2s256>>,
        b"ripemd160" => by::<Hmac<ripemd::Ripemd160>>,
        b"sm3" => by::<Hmac<sm3::Sm3>>,
        _ => return None,
    })
}

fn by<P>(password: &[u8], salt: &[u8], rounds: u32, key: &mut [u8])
where
    P: hmac::KeyInit + hmac::digest::Update + hmac::digest::FixedOutput + Clone + Sync,
{
    // A password of any length is a key.
    let _ = derive::<P>(password, salt, rounds, key);
}

/// By the one that [`scrypt`](super::scrypt) uses, too.
pub(super) fn by_sha256(password: &[u8], salt: &[u8], rounds: u32, key: &mut [u8]) {
    by::<Hmac<sha2::Sha256>>(password, salt, rounds, key);
}
