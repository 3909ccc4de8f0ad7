//! The proleptic Gregorian calendar, as Go's and Kubernetes' times use it: dates and days since 1970-01-01.

/// The days of 400 years, after which the calendar repeats itself.
const ERA: i64 = 146_097;

/// The days from the first of March of the year 0 to 1970-01-01.
const TO_1970: i64 = 719_468;

/// The English names of the months, as Go writes them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Returns the days from 1970-01-01 to a date. Months and days beyond theirs count on, and what no `i64` can hold ends at its limits.
///
/// ```
/// use trueup_manifest::calendar::days_of;
///
/// assert_eq!(days_of(1970, 1, 1), 0);
/// assert_eq!(days_of(2024, 3, 1), days_of(2024, 2, 29) + 1);
/// assert_eq!(days_of(2023, 13, 1), days_of(2024, 1, 1));
/// ```
pub fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let months = month.saturating_sub(1);
    let (year, month) = (year.saturating_add(months.div_euclid(12)), months.rem_euclid(12) + 1);
    // Years run from March, so that the leap day comes last.
    let year = if month <= 2 { year.saturating_sub(1) } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let rest = of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_1970;
    year.div_euclid(400).saturating_mul(ERA).saturating_add(rest).saturating_add(day.saturating_sub(1))
}

/// Returns the year, month (from 1) and day (from 1) that many days after 1970-01-01.
///
/// ```
/// use trueup_manifest::calendar::date_of;
///
/// assert_eq!(date_of(-1), (1969, 12, 31));
/// ```
pub fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(TO_1970);
    let of_era = days.rem_euclid(ERA);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (days.div_euclid(ERA) * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// Returns how many days a month has; `month` is from 1 to 12.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    days_of(year, month.saturating_add(1), 1).saturating_sub(days_of(year, month, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_days_go_both_ways() {
        for days in (-800_000..800_000).step_by(97).chain([i64::MIN / ERA, i64::MAX / ERA]) {
            let (year, month, day) = date_of(days);
            assert_eq!(days_of(year, month, day), days);
            assert!((1..=days_in_month(year, month)).contains(&day));
        }
        assert_eq!([1900, 2000, 2023, 2024].map(|year| days_in_month(year, 2)), [28, 29, 28, 29]);
        assert_eq!(days_in_month(2024, 12), 31);
    }

    #[test]
    fn nothing_overflows() {
        for extreme in [i64::MIN, i64::MAX] {
            let days = [days_of(extreme, 1, 1), days_of(1970, extreme, 1), days_of(1970, 1, extreme)];
            assert!(days.iter().all(|days| (days.signum() > 0) == (extreme > 0)));
            date_of(extreme);
            days_in_month(extreme, extreme);
        }
    }
}
