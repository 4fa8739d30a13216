//! The limits of a run.

use core::fmt;

/// One of the limits; the names are those of the HTTP API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    TimeoutMs,
    Fuel,
    MemoryBytes,
    OutputBytes,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimeoutMs => "timeout_ms",
            Self::Fuel => "fuel",
            Self::MemoryBytes => "memory_bytes",
            Self::OutputBytes => "output_bytes",
        })
    }
}

/// A value for every limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) timeout_ms: u64,
    pub(crate) fuel: u64,
    pub(crate) memory_bytes: u64,
    pub(crate) output_bytes: u64,
}

impl Values {
    /// Four numbers in the order of the fields.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(Self {
            timeout_ms: next()?,
            fuel: next()?,
            memory_bytes: next()?,
            output_bytes: next()?,
        })
    }

    pub(crate) fn get(&self, limit: Limit) -> u64 {
        match limit {
            Limit::TimeoutMs => self.timeout_ms,
            Limit::Fuel => self.fuel,
            Limit::MemoryBytes => self.memory_bytes,
            Limit::OutputBytes => self.output_bytes,
        }
    }
}

/// A limit over its maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooHigh {
    pub(crate) limit: Limit,
    pub(crate) requested: u64,
    pub(crate) maximum: u64,
}

/// What applies to a program: what it asks for, in the order of [`Values`], or the default.
pub(crate) fn resolve(
    asked: [Option<u64>; 4],
    default: &Values,
    maximum: &Values,
) -> Result<Values, TooHigh> {
    let [timeout_ms, fuel, memory_bytes, output_bytes] = asked;
    let one = |limit: Limit, asked: Option<u64>| {
        let maximum = maximum.get(limit);
        match asked {
            None => Ok(default.get(limit).min(maximum)),
            // The contract says that zero is never valid, and callers refuse it themselves.
            Some(requested) if requested > maximum || requested == 0 => Err(TooHigh {
                limit,
                requested,
                maximum,
            }),
            Some(requested) => Ok(requested),
        }
    };
    Ok(Values {
        timeout_ms: one(Limit::TimeoutMs, timeout_ms)?,
        fuel: one(Limit::Fuel, fuel)?,
        memory_bytes: one(Limit::MemoryBytes, memory_bytes)?,
        output_bytes: one(Limit::OutputBytes, output_bytes)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_has_its_default_and_more_than_the_maximum_is_refused() {
        let default = Values::parse("10 20 30 40").expect("values");
        let maximum = Values::parse("100 200 300 5").expect("values");
        let resolved = resolve([Some(7), None, Some(300), None], &default, &maximum);
        assert_eq!(resolved, Ok(Values::parse("7 20 300 5").expect("values")));
        let too_high = TooHigh {
            limit: Limit::Fuel,
            requested: 201,
            maximum: 200,
        };
        let refused = resolve([None, Some(201), None, None], &default, &maximum);
        assert_eq!(refused, Err(too_high));
        assert!(resolve([Some(0), None, None, None], &default, &maximum).is_err());
    }
}
