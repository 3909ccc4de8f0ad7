//! Decimal arithmetic as shopspring/decimal has it: exact but for the quotient, which has 16 digits after the point.

use super::number::{float_text, shortest};
use num_bigint::{BigInt, Sign};

/// Digits after the point that a quotient is rounded to.
const PRECISION: i32 = 16;

/// `digits × 10^exponent`
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    digits: BigInt,
    exponent: i32,
}

fn power_of_ten(exponent: i32) -> BigInt {
    BigInt::from(10).pow(exponent.unsigned_abs())
}

impl Decimal {
    /// Returns the number that the shortest digits of a float say; the error is the library's text.
    pub(crate) fn from_float(value: f64) -> Result<Self, String> {
        if !value.is_finite() {
            return Err(format!("Cannot create a Decimal from {}", float_text(value)));
        }
        let (digits, first) = shortest(value);
        let digits = digits.trim_end_matches('0');
        let magnitude: BigInt = digits.parse().unwrap_or_default();
        let places = i32::try_from(digits.len()).unwrap_or(0);
        let exponent = if digits.is_empty() { 0 } else { first + 1 - places };
        Ok(Self { digits: if value < 0.0 { -magnitude } else { magnitude }, exponent })
    }

    fn aligned(&self, other: &Self) -> (BigInt, BigInt, i32) {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |d: &Self| &d.digits * power_of_ten(d.exponent - exponent);
        (scaled(self), scaled(other), exponent)
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let (a, b, exponent) = self.aligned(other);
        Self { digits: a + b, exponent }
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        let (a, b, exponent) = self.aligned(other);
        Self { digits: a - b, exponent }
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        Self { digits: &self.digits * &other.digits, exponent: self.exponent.saturating_add(other.exponent) }
    }

    /// Divides, rounding half away from zero; the error is the library's text.
    pub(crate) fn div(&self, other: &Self) -> Result<Self, String> {
        if other.digits.sign() == Sign::NoSign {
            return Err("decimal division by 0".to_owned());
        }
        // self / other × 10^16, as one quotient of integers.
        let shift = self.exponent - other.exponent + PRECISION;
        let (mut top, mut bottom) = (self.digits.clone(), other.digits.clone());
        if shift >= 0 {
            top *= power_of_ten(shift)
        } else {
            bottom *= power_of_ten(shift)
        }
        let quotient = &top / &bottom;
        let rest = &top - &quotient * &bottom;
        let up = rest.magnitude() * 2_u32 >= *bottom.magnitude();
        let away = if top.sign() == bottom.sign() { 1 } else { -1 };
        let digits = if up { quotient + away } else { quotient };
        Ok(Self { digits, exponent: -PRECISION })
    }

    /// Returns the nearest float.
    pub(crate) fn to_float(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_decimal() {
        let d = |f| Decimal::from_float(f).unwrap();
        assert_eq!(d(0.1).add(&d(0.2)).to_float(), 0.3);
        assert_eq!(d(1.0).div(&d(3.0)).unwrap().to_float(), 0.333_333_333_333_333_3);
        assert_eq!(d(-2.0).div(&d(3.0)).unwrap().to_float(), -0.666_666_666_666_666_7);
        assert_eq!(d(1e300).mul(&d(1e300)).to_float(), f64::INFINITY);
    }
}
