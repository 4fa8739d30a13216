//! Who asks: the key by which clients share connections, memory, turns and sandboxes.

use hyper::header::{HeaderMap, HeaderName};
use std::net::{IpAddr, Ipv6Addr};

/// The longest name of a client that a header may give, in bytes: room for an account or an address.
const NAME_BYTES: usize = 128;

/// The key of whoever has this address.
///
/// A client of IPv6 is given a network of 2^64 addresses and may use any of them, so the network
/// counts. An address of IPv4 in the form of IPv6, as sockets that listen for both report them, is
/// that of IPv4.
pub(crate) fn client_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(network))
        }
    }
}

/// The key that the last element of a header gives. An address in it counts as [`client_of`] has it,
/// anything else as it is.
pub(super) fn named_client(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    let client = value.rsplit(',').next()?.trim();
    if !(1..=NAME_BYTES).contains(&client.len()) {
        return None;
    }
    Some(match client.parse() {
        Ok(address) => client_of(address),
        Err(_) => client.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    fn of(address: &str) -> String {
        client_of(address.parse().unwrap())
    }

    #[test]
    fn a_network_of_ipv6_is_one_client_and_an_address_of_ipv4_is_one() {
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(of("2001:db8:1:2::1"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2:ffff::1"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:3::1"), of("2001:db8:1:2::1"));
        assert_eq!(of("::1"), "::/64");
    }

    #[test]
    fn a_header_names_a_client_with_its_last_element() {
        let name = HeaderName::from_static("x-client");
        let named = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(&name, HeaderValue::from_str(value).unwrap());
            }
            named_client(&headers, &name)
        };
        for (values, client) in [
            (&["alice"][..], Some("alice")),
            (&["a, b", "c , d "], Some("d")),
            (
                &["192.0.2.9, 2001:db8:1:2:3:4:5:6"],
                Some("2001:db8:1:2::/64"),
            ),
            (&["::ffff:192.0.2.9"], Some("192.0.2.9")),
            (&[""], None),
            (&["a,"], None),
            (&[], None),
        ] {
            assert_eq!(named(values).as_deref(), client, "{values:?}");
        }
        assert_eq!(named(&[&"x".repeat(NAME_BYTES + 1)]), None);
    }
}
