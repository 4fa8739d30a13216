//! An attack on `belljar executor` by those who don't have its token.

use super::{Field, From};
use std::time::Duration;

/// Two hundred that send all but the end of a body of four megabytes, and no token: whoever has none
/// is not listened to.
pub fn before_the_token(field: &Field<'_>) {
    let head = "POST /v1/execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 4000000\r\n\r\n";
    let piece = vec![b'x'; 1 << 16];
    field.each(200, |number| {
        let Some(mut connection) = field.connect(From::Many, number) else {
            field.wait(Duration::from_millis(20));
            return;
        };
        let mut sent = connection.send(head.as_bytes());
        for _ in 0..60 {
            if sent.is_err() || !field.goes_on() {
                break;
            }
            sent = connection.send(&piece);
        }
        field.hold(&mut connection);
    });
}
