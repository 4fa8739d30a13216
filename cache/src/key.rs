//! The names of entries.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The part of an entry's name that stands for what it was made from.
pub fn key(content: impl AsRef<[u8]>) -> String {
    let digest = Sha256::digest(content);
    digest.iter().take(6).fold(String::new(), |mut key, byte| {
        let _ = write!(key, "{byte:02x}");
        key
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_start_of_the_sha_256() {
        assert_eq!(key(""), "e3b0c44298fc");
    }
}
