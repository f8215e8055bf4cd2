//! Results: JSON, rows and request bodies, for as long as the caller keeps them.

use crate::boundary::boundary;
use crate::handle;
use crate::output::Out;
use crate::status::{
    AGENTUSER_INVALID_LENGTH, AGENTUSER_NULL_ARGUMENT, AGENTUSER_OUT_OF_RANGE, agentuser_status,
};
use crate::text::agentuser_str;
use agentuser_core::json::{Field, UserPage};
use serde::Serialize;

/// A result, a problem, a page or a step. It never changes, so any number of threads may read it.
#[allow(non_camel_case_types)]
pub struct agentuser_result(());

/// The number of an agent user's member in the array that agentuser_result_row fills. Members are appended, their
/// numbers never change: an array may be shorter or longer than the library's list.
#[allow(non_camel_case_types)]
pub type agentuser_field = u32;

/// `id`
pub const AGENTUSER_FIELD_ID: agentuser_field = 0;
/// `userPrincipalName`
pub const AGENTUSER_FIELD_USER_PRINCIPAL_NAME: agentuser_field = 1;
/// `displayName`
pub const AGENTUSER_FIELD_DISPLAY_NAME: agentuser_field = 2;
/// `mailNickname`
pub const AGENTUSER_FIELD_MAIL_NICKNAME: agentuser_field = 3;
/// `identityParentId`
pub const AGENTUSER_FIELD_IDENTITY_PARENT_ID: agentuser_field = 4;
/// `usageLocation`
pub const AGENTUSER_FIELD_USAGE_LOCATION: agentuser_field = 5;
/// `userType`
pub const AGENTUSER_FIELD_USER_TYPE: agentuser_field = 6;
/// `mail`
pub const AGENTUSER_FIELD_MAIL: agentuser_field = 7;
/// `createdDateTime`
pub const AGENTUSER_FIELD_CREATED_DATE_TIME: agentuser_field = 8;
/// `deletedDateTime`
pub const AGENTUSER_FIELD_DELETED_DATE_TIME: agentuser_field = 9;
/// `givenName`
pub const AGENTUSER_FIELD_GIVEN_NAME: agentuser_field = 10;
/// `surname`
pub const AGENTUSER_FIELD_SURNAME: agentuser_field = 11;
/// `jobTitle`
pub const AGENTUSER_FIELD_JOB_TITLE: agentuser_field = 12;
/// `department`
pub const AGENTUSER_FIELD_DEPARTMENT: agentuser_field = 13;
/// `companyName`
pub const AGENTUSER_FIELD_COMPANY_NAME: agentuser_field = 14;
/// `employeeId`
pub const AGENTUSER_FIELD_EMPLOYEE_ID: agentuser_field = 15;
/// `employeeType`
pub const AGENTUSER_FIELD_EMPLOYEE_TYPE: agentuser_field = 16;
/// `employeeHireDate`
pub const AGENTUSER_FIELD_EMPLOYEE_HIRE_DATE: agentuser_field = 17;
/// `employeeLeaveDateTime`
pub const AGENTUSER_FIELD_EMPLOYEE_LEAVE_DATE_TIME: agentuser_field = 18;
/// `officeLocation`
pub const AGENTUSER_FIELD_OFFICE_LOCATION: agentuser_field = 19;
/// `city`
pub const AGENTUSER_FIELD_CITY: agentuser_field = 20;
/// `state`
pub const AGENTUSER_FIELD_STATE: agentuser_field = 21;
/// `country`
pub const AGENTUSER_FIELD_COUNTRY: agentuser_field = 22;
/// `streetAddress`
pub const AGENTUSER_FIELD_STREET_ADDRESS: agentuser_field = 23;
/// `postalCode`
pub const AGENTUSER_FIELD_POSTAL_CODE: agentuser_field = 24;
/// `preferredLanguage`
pub const AGENTUSER_FIELD_PREFERRED_LANGUAGE: agentuser_field = 25;
/// `mobilePhone`
pub const AGENTUSER_FIELD_MOBILE_PHONE: agentuser_field = 26;
/// `@odata.type`
pub const AGENTUSER_FIELD_ODATA_TYPE: agentuser_field = 27;
/// Every member that has no number of its own, as the text of one JSON object: `businessPhones`, `assignedLicenses`,
/// and whatever Graph adds. Absent when there is none.
pub const AGENTUSER_FIELD_OTHER: agentuser_field = 28;
/// How many fields this header knows: the length of an array that takes them all.
pub const AGENTUSER_FIELD_COUNT: usize = 29;

/// Set in a row's flags when `accountEnabled` is there.
pub const AGENTUSER_FLAG_ACCOUNT_ENABLED_KNOWN: u64 = 1;
/// Set in a row's flags when `accountEnabled` is true.
pub const AGENTUSER_FLAG_ACCOUNT_ENABLED: u64 = 2;

/// What a result holds.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// None where the page's own text is it.
    json: Option<String>,
    page: Option<UserPage>,
    bodies: Vec<(u64, Vec<u8>)>,
}

impl Outcome {
    /// JSON that is there already.
    pub(crate) fn of_json(json: impl Into<String>) -> Self {
        Self { json: Some(json.into()), ..Self::default() }
    }

    /// A page, whose text is the JSON.
    pub(crate) fn of_page(page: UserPage) -> Self {
        Self { page: Some(page), ..Self::default() }
    }

    /// A value that is made of texts and numbers: nothing in it can fail to be JSON.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        Self::of_json(serde_json::to_string(value).unwrap_or_default())
    }

    /// The same with rows.
    pub(crate) fn with_page(mut self, page: Option<UserPage>) -> Self {
        self.page = page;
        self
    }

    /// The same with request bodies.
    pub(crate) fn with_bodies(mut self, bodies: Vec<(u64, Vec<u8>)>) -> Self {
        self.bodies = bodies;
        self
    }

    pub(crate) fn json(&self) -> &str {
        match (&self.json, &self.page) {
            (Some(json), _) => json,
            (None, Some(page)) => page.text(),
            (None, None) => "",
        }
    }

    fn rows(&self) -> usize {
        self.page.as_ref().map_or(0, UserPage::len)
    }
}

/// The result's JSON. The text lives as long as the result.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_json(
    result: *const agentuser_result,
    json: *mut agentuser_str,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let place = unsafe { Out::new(json, agentuser_str::ABSENT) }?;
        let outcome = handle::get::<Outcome>(result)?;
        place.set(agentuser_str::of(outcome.json().as_bytes()));
        Ok(())
    })
}

/// How many agent users the result holds: those of a page, one where the result is an agent user, else 0.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_rows(
    result: *const agentuser_result,
    rows: *mut usize,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let place = unsafe { Out::new(rows, 0) }?;
        place.set(handle::get::<Outcome>(result)?.rows());
        Ok(())
    })
}

/// One agent user: `fields[f]` for every field number f below `count` is filled, with absent texts for members that are
/// null or not there, and for numbers that this library does not know. The texts live as long as the result.
///
/// `fields` is the caller's array of `count` texts (AGENTUSER_FIELD_COUNT takes all); it may be NULL when `count` is 0.
/// OUT_OF_RANGE: there is no such row. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_row(
    result: *const agentuser_result,
    row: usize,
    fields: *mut agentuser_str,
    count: usize,
    flags: *mut u64,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let flags = unsafe { Out::new(flags, 0) }?;
        if isize::try_from(count.saturating_mul(size_of::<agentuser_str>())).is_err() {
            return Err(AGENTUSER_INVALID_LENGTH);
        }
        if fields.is_null() && count > 0 {
            return Err(AGENTUSER_NULL_ARGUMENT);
        }
        let outcome = handle::get::<Outcome>(result)?;
        let page = outcome.page.as_ref().filter(|page| row < page.len());
        let mut known = Field::ALL.iter();
        for number in 0..count {
            let text = known.next().and_then(|field| page?.field(row, *field));
            // SAFETY: the array has `count` places by the caller's word, and its size fits memory.
            unsafe { fields.add(number).write_unaligned(agentuser_str::maybe(text)) };
        }
        flags.set(match page.ok_or(AGENTUSER_OUT_OF_RANGE)?.account_enabled(row) {
            None => 0,
            Some(false) => AGENTUSER_FLAG_ACCOUNT_ENABLED_KNOWN,
            Some(true) => AGENTUSER_FLAG_ACCOUNT_ENABLED_KNOWN | AGENTUSER_FLAG_ACCOUNT_ENABLED,
        });
        Ok(())
    })
}

/// How many request bodies the result holds: those of a step to send.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_bodies(
    result: *const agentuser_result,
    bodies: *mut usize,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let place = unsafe { Out::new(bodies, 0) }?;
        place.set(handle::get::<Outcome>(result)?.bodies.len());
        Ok(())
    })
}

/// One request body, and the id of the request it belongs to. A request that no body names has none. The bytes live as
/// long as the result.
///
/// OUT_OF_RANGE: there is no such body. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_body(
    result: *const agentuser_result,
    body: usize,
    id: *mut u64,
    bytes: *mut agentuser_str,
) -> agentuser_status {
    boundary(|| {
        // SAFETY: the caller's word is passed on.
        let (id, bytes) = unsafe { (Out::new(id, 0)?, Out::new(bytes, agentuser_str::ABSENT)?) };
        let outcome = handle::get::<Outcome>(result)?;
        let (request, body) = outcome.bodies.get(body).ok_or(AGENTUSER_OUT_OF_RANGE)?;
        id.set(*request);
        bytes.set(agentuser_str::of(body));
        Ok(())
    })
}

/// Frees a result; every text it lent out ends with it. NULL is fine.
///
/// Any thread, when no other reads its texts any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_free(result: *mut agentuser_result) -> agentuser_status {
    boundary(|| handle::remove::<Outcome>(result).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_s_numbers_are_the_fields() {
        let numbers = [
            (AGENTUSER_FIELD_ID, Field::Id),
            (AGENTUSER_FIELD_USER_PRINCIPAL_NAME, Field::UserPrincipalName),
            (AGENTUSER_FIELD_DISPLAY_NAME, Field::DisplayName),
            (AGENTUSER_FIELD_MAIL_NICKNAME, Field::MailNickname),
            (AGENTUSER_FIELD_IDENTITY_PARENT_ID, Field::IdentityParentId),
            (AGENTUSER_FIELD_USAGE_LOCATION, Field::UsageLocation),
            (AGENTUSER_FIELD_USER_TYPE, Field::UserType),
            (AGENTUSER_FIELD_MAIL, Field::Mail),
            (AGENTUSER_FIELD_CREATED_DATE_TIME, Field::CreatedDateTime),
            (AGENTUSER_FIELD_DELETED_DATE_TIME, Field::DeletedDateTime),
            (AGENTUSER_FIELD_GIVEN_NAME, Field::GivenName),
            (AGENTUSER_FIELD_SURNAME, Field::Surname),
            (AGENTUSER_FIELD_JOB_TITLE, Field::JobTitle),
            (AGENTUSER_FIELD_DEPARTMENT, Field::Department),
            (AGENTUSER_FIELD_COMPANY_NAME, Field::CompanyName),
            (AGENTUSER_FIELD_EMPLOYEE_ID, Field::EmployeeId),
            (AGENTUSER_FIELD_EMPLOYEE_TYPE, Field::EmployeeType),
            (AGENTUSER_FIELD_EMPLOYEE_HIRE_DATE, Field::EmployeeHireDate),
            (AGENTUSER_FIELD_EMPLOYEE_LEAVE_DATE_TIME, Field::EmployeeLeaveDateTime),
            (AGENTUSER_FIELD_OFFICE_LOCATION, Field::OfficeLocation),
            (AGENTUSER_FIELD_CITY, Field::City),
            (AGENTUSER_FIELD_STATE, Field::State),
            (AGENTUSER_FIELD_COUNTRY, Field::Country),
            (AGENTUSER_FIELD_STREET_ADDRESS, Field::StreetAddress),
            (AGENTUSER_FIELD_POSTAL_CODE, Field::PostalCode),
            (AGENTUSER_FIELD_PREFERRED_LANGUAGE, Field::PreferredLanguage),
            (AGENTUSER_FIELD_MOBILE_PHONE, Field::MobilePhone),
            (AGENTUSER_FIELD_ODATA_TYPE, Field::OdataType),
            (AGENTUSER_FIELD_OTHER, Field::Other),
        ];
        assert_eq!((numbers.len(), AGENTUSER_FIELD_COUNT), (Field::COUNT, Field::COUNT));
        for (place, ((number, field), known)) in numbers.iter().zip(Field::ALL).enumerate() {
            assert_eq!((*number as usize, field), (place, known), "{}", known.name());
        }
    }
}
