//! The one place where Tsugite reads the time.

use domain::value::Timestamp;

/// A clock that is handed to everything that needs the time; the demo's may run faster than the world's.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started_at: Timestamp,
    speed: f64,
    offset_seconds: i64,
}

impl Default for Clock {
    fn default() -> Self {
        Self::with_speed(1.0)
    }
}

impl Clock {
    /// A clock that is right now and runs `speed` times as fast as the world's.
    pub fn with_speed(speed: f64) -> Self {
        Self {
            started_at: wall_clock(),
            speed: if speed.is_finite() && speed > 0.0 { speed } else { 1.0 },
            offset_seconds: 0,
        }
    }

    /// A clock that was right at a moment of the world's, in seconds since 1970, and has run so fast since then.
    ///
    /// Processes that follow each other on one database need one time: a clock that begins again would be behind
    /// everything that the one before it has written.
    pub fn with_speed_since(speed: f64, seconds: f64) -> Self {
        let clock = Self::with_speed(speed);
        if seconds <= 0.0 || !seconds.is_finite() {
            return clock;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a demo's clock")]
        let started_at = Timestamp::from_microseconds((seconds * 1e6) as i64);
        Self { started_at, ..clock }
    }

    /// The same clock, off by some seconds: for tests of nodes whose clocks differ.
    pub fn with_offset(self, offset_seconds: i64) -> Self {
        Self { offset_seconds, ..self }
    }

    /// The world's time as this machine's clock has it.
    pub fn wall(&self) -> Timestamp {
        wall_clock().plus_seconds(self.offset_seconds)
    }

    /// How many of its seconds pass in one of the world's.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.at(self.wall())
    }

    /// The time that this clock shows at a moment of the world's, such as the database's time.
    pub fn at(&self, wall: Timestamp) -> Timestamp {
        #[expect(clippy::float_cmp, reason = "1.0 is the exact default and must not lose microseconds")]
        if self.speed == 1.0 {
            return wall;
        }
        let elapsed = wall.microseconds() - self.started_at.microseconds();
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a demo's clock")]
        let scaled = (elapsed as f64 * self.speed) as i64;
        Timestamp::from_microseconds(self.started_at.microseconds().saturating_add(scaled))
    }

    /// How long the world has to wait for `seconds` of this clock.
    pub fn real_duration(&self, seconds: f64) -> std::time::Duration {
        std::time::Duration::from_secs_f64((seconds / self.speed).max(0.0))
    }
}

#[expect(clippy::disallowed_methods, reason = "the clock that everything else is handed")]
fn wall_clock() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}
