//! Numbers by value, from their lexemes: integers exactly at any size, fractions as 64-bit floats.

/// A number's value as sign, digits and power of ten, with neither leading nor trailing zeros; zero has no
/// digits.
///
/// A fraction is first rounded to the nearest 64-bit float, so that equal floats have equal values.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Number {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Number {
    /// Reads a lexeme of RFC 8259; anything else is zero.
    pub fn parse(lexeme: &str) -> Self {
        let exact = Self::exact(lexeme);
        if exact.exponent >= 0 {
            return exact;
        }
        match lexeme.parse::<f64>() {
            Ok(float) if float.is_finite() => Self::exact(&format!("{float:e}")),
            _ => exact,
        }
    }

    fn exact(lexeme: &str) -> Self {
        let (negative, rest) = match lexeme.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, lexeme),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, saturating(exponent)),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: String = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit).collect();
        let mut exponent = exponent.saturating_sub(fraction.len() as i64);
        let kept = digits.trim_end_matches('0').len();
        exponent = exponent.saturating_add((digits.len() - kept) as i64);
        digits.truncate(kept);
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        Self { negative, digits, exponent }
    }

    /// Returns whether the number is 0.
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Returns whether the number has no fraction.
    pub fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    /// Returns whether the number is below 0.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Returns how many digits the whole part has, 1 for what is below 1.
    pub fn whole_digits(&self) -> u64 {
        u64::try_from((self.digits.len() as i64).saturating_add(self.exponent)).unwrap_or(0).max(1)
    }

    /// Returns the power of ten by which `other` is this number: 3 for 120 and 120000, or `None`.
    pub fn power_of_ten_to(&self, other: &Self) -> Option<i64> {
        let alike = !self.is_zero() && self.negative == other.negative && self.digits == other.digits;
        alike.then(|| other.exponent.saturating_sub(self.exponent))
    }

    /// Returns the nearest 64-bit float, infinite beyond its range.
    pub fn float(&self) -> f64 {
        let sign = if self.negative { "-" } else { "" };
        let digits = if self.digits.is_empty() { "0" } else { &self.digits };
        format!("{sign}{digits}e{}", self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// Returns whether the number is an integer that a 64-bit float may not hold: beyond 2^53 either way.
    pub fn is_beyond_53_bits(&self) -> bool {
        const EDGE: &str = "9007199254740992";
        if !self.is_integer() {
            return false;
        }
        match self.whole_digits().cmp(&(EDGE.len() as u64)) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => {
                let mut digits = self.digits.clone();
                digits.extend(std::iter::repeat_n('0', EDGE.len().saturating_sub(digits.len())));
                digits.as_str() > EDGE
            }
        }
    }

    /// Returns the number times a power of ten, as a lexeme without exponent.
    pub fn scaled(&self, power: i64) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        let exponent = self.exponent.saturating_add(power);
        let sign = if self.negative { "-" } else { "" };
        if (-40..=40).contains(&exponent) {
            let mut digits = self.digits.clone();
            if exponent >= 0 {
                digits.extend(std::iter::repeat_n('0', exponent as usize));
                return format!("{sign}{digits}");
            }
            let places = exponent.unsigned_abs() as usize;
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, fraction) = padded.split_at(padded.len() - places);
            return format!("{sign}{whole}.{fraction}");
        }
        format!("{sign}{}e{exponent}", self.digits)
    }
}

fn saturating(exponent: &str) -> i64 {
    let (negative, digits) = match exponent.as_bytes().first() {
        Some(b'-') => (true, &exponent[1..]),
        Some(b'+') => (false, &exponent[1..]),
        _ => (false, exponent),
    };
    // a quarter of the range: sums with the length of any text stay inside it
    let size = digits.parse::<i64>().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    if negative { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn equal(a: &str, b: &str) -> bool {
        Number::parse(a) == Number::parse(b)
    }

    #[test]
    fn spelling_does_not_matter_and_integers_are_exact() {
        for (a, b) in [("1.0", "1"), ("1e0", "1"), ("1.2E5", "120000"), ("-0", "0.0"), ("0.80", "8e-1")] {
            assert!(equal(a, b), "{a} {b}");
        }
        assert!(!equal("9007199254740993", "9007199254740992"));
        assert!(!equal("9007199254740993", "9007199254740992.0"));
        assert!(equal("1e400", "10e399"));
        assert!(!equal("1e400", "1e401"));
        assert!(equal("0.1", "0.10000000000000000001"));
        assert!(equal("1e-99999999999999999999", "0"));
    }

    #[test]
    fn ratios_and_sizes_are_computed() {
        assert_eq!(Number::parse("120").power_of_ten_to(&Number::parse("120000")), Some(3));
        assert_eq!(Number::parse("0.8").power_of_ten_to(&Number::parse("800")), Some(3));
        assert_eq!(Number::parse("60").power_of_ten_to(&Number::parse("120000")), None);
        assert_eq!(Number::parse("1715679067482").whole_digits(), 13);
        assert!(Number::parse("9007199254740993").is_beyond_53_bits());
        assert!(!Number::parse("9007199254740992").is_beyond_53_bits());
        assert!(Number::parse("1e16").is_beyond_53_bits());
    }

    #[test]
    fn scaling_moves_the_point_only() {
        assert_eq!(Number::parse("120").scaled(3), "120000");
        assert_eq!(Number::parse("120").scaled(-3), "0.12");
        assert_eq!(Number::parse("-1.5").scaled(0), "-1.5");
        assert_eq!(Number::parse("1715679067482").scaled(-3), "1715679067.482");
    }
}
