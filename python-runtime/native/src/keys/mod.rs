//! Keys derived from passwords, as OpenSSL does it for `hashlib`.

mod pbkdf2;
mod scrypt;

pub(crate) use pbkdf2::pbkdf2;
pub(crate) use scrypt::scrypt;
