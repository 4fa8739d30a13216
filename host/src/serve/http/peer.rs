//! Which addresses are one client.

use std::net::{IpAddr, Ipv6Addr};

/// The name of the client at an address, for fairness. An IPv4 address is one client. Of IPv6
/// addresses a client has as many as it likes: what it is given is a network of 64 bits, so all of
/// that is one client. IPv4 addresses in their IPv6 form are IPv4 addresses.
pub(super) fn client_name(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_client() {
        for (address, name) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::1", "::/64"),
        ] {
            assert_eq!(client_name(address.parse().unwrap()), name);
        }
    }
}
