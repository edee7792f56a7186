//! UTC calendar time from the system clock. Pure arithmetic; knows no time zones.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utc {
    /// Seconds since 1970-01-01.
    pub seconds: u64,
    /// Nanoseconds within the second.
    pub nanos: u32,
}

/// This moment.
pub fn now() -> Utc {
    from_system(SystemTime::now())
}

/// A file's or process's time.
pub fn from_system(time: SystemTime) -> Utc {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Utc { seconds: since.as_secs(), nanos: since.subsec_nanos() }
}

impl Utc {
    /// Year, month, day, hour, minute, second.
    pub fn parts(self) -> (u64, u64, u64, u64, u64, u64) {
        let (days, rest) = (self.seconds / 86_400, self.seconds % 86_400);
        // Days to civil date, after Howard Hinnant's algorithm.
        let z = days + 719_468;
        let era = z / 146_097;
        let doe = z % 146_097;
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + u64::from(month <= 2);
        (year, month, day, rest / 3600, rest % 3600 / 60, rest % 60)
    }

    /// `2026-01-31T12:00:00Z`.
    pub fn iso(self) -> String {
        let (y, mo, d, h, mi, s) = self.parts();
        format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
    }

    /// `2026-01-31`.
    pub fn day(self) -> String {
        let (y, mo, d, ..) = self.parts();
        format!("{y:04}-{mo:02}-{d:02}")
    }

    /// `20260131-120000`.
    pub fn compact(self) -> String {
        let (y, mo, d, h, mi, s) = self.parts();
        format!("{y:04}{mo:02}{d:02}-{h:02}{mi:02}{s:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        for (seconds, iso) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_102_444_800, "2100-01-01T00:00:00Z"),
        ] {
            assert_eq!(Utc { seconds, nanos: 0 }.iso(), iso);
        }
    }
}
