use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One rolling window, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RateLimit {
    Off,
    Window(u32, Duration),
}

impl FromStr for RateLimit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let window = || {
            let (count, seconds) = text.split_once('/')?;
            let seconds: f64 = seconds.parse().ok()?;
            let within = (0.001..=86_400.0).contains(&seconds);
            let window = within.then(|| Duration::from_secs_f64(seconds))?;
            Some(Self::Window(count.parse().ok()?, window))
        };
        window().ok_or("it must be `off`, or a number, a slash and seconds, such as 100/5")
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Window(count, window) => write!(f, "{count}/{}", window.as_secs_f64()),
        }
    }
}
