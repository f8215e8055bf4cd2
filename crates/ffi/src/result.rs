//! Reading results.

use crate::boundary::{boundary, export};
use crate::handle;
use crate::output::Out;
use crate::result_data::{ResultData, agentuser_result};
use crate::status::{
    AGENTUSER_INVALID_LENGTH, AGENTUSER_NULL_ARGUMENT, AGENTUSER_OUT_OF_RANGE, agentuser_status,
};
use crate::text::agentuser_str;
use agentuser_core::json::{Field, UserPage};

/// Set in a row's flags when `accountEnabled` is there.
pub const AGENTUSER_FLAG_ACCOUNT_ENABLED_KNOWN: u64 = 1;
/// Set in a row's flags when `accountEnabled` is true.
pub const AGENTUSER_FLAG_ACCOUNT_ENABLED: u64 = 2;

/// The result's JSON. The text lives as long as the result.
///
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_json(
    result: *const agentuser_result,
    json: *mut agentuser_str,
) -> agentuser_status {
    export!({
        let place = Out::new(json, agentuser_str::ABSENT)?;
        let result = handle::get::<ResultData>(result)?;
        place.set(agentuser_str::of(result.json().as_bytes()));
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
    export!({
        let place = Out::new(rows, 0)?;
        place.set(handle::get::<ResultData>(result)?.page().map_or(0, UserPage::len));
        Ok(())
    })
}

/// One agent user: `fields[f]` for every field number f below `count` is filled, with absent texts for members that are
/// null or not there, and for numbers that this library does not know. The texts live as long as the result.
///
/// `fields` is the caller's array of `count` texts (AGENTUSER_FIELD_COUNT takes all); it may be NULL when `count` is 0.
/// OUT_OF_RANGE: no row has that number. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_row(
    result: *const agentuser_result,
    row: usize,
    fields: *mut agentuser_str,
    count: usize,
    flags: *mut u64,
) -> agentuser_status {
    export!({
        let flags = Out::new(flags, 0)?;
        if isize::try_from(count.saturating_mul(size_of::<agentuser_str>())).is_err() {
            return Err(AGENTUSER_INVALID_LENGTH);
        }
        if fields.is_null() && count > 0 {
            return Err(AGENTUSER_NULL_ARGUMENT);
        }
        let result = handle::get::<ResultData>(result)?;
        let page = result.page().filter(|page| row < page.len());
        let mut known = Field::ALL.iter();
        for number in 0..count {
            let text = known.next().and_then(|field| page?.field(row, *field));
            // In bounds: the caller's array has `count` places, and its size fits memory.
            fields.add(number).write_unaligned(agentuser_str::maybe(text));
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
    export!({
        let place = Out::new(bodies, 0)?;
        place.set(handle::get::<ResultData>(result)?.bodies().len());
        Ok(())
    })
}

/// One request body, and the id of its request. A request that is named by no body has none. The bytes live as
/// long as the result.
///
/// OUT_OF_RANGE: no body has that number. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_body(
    result: *const agentuser_result,
    body: usize,
    id: *mut u64,
    bytes: *mut agentuser_str,
) -> agentuser_status {
    export!({
        let (id, bytes) = (Out::new(id, 0), Out::new(bytes, agentuser_str::ABSENT));
        let (id, bytes) = (id?, bytes?);
        let result = handle::get::<ResultData>(result)?;
        let (request, body) = result.bodies().get(body).ok_or(AGENTUSER_OUT_OF_RANGE)?;
        id.set(*request);
        bytes.set(agentuser_str::of(body));
        Ok(())
    })
}

/// Frees a result, and every text that came from it. NULL is fine.
///
/// Any thread, when no other thread reads its texts any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn agentuser_result_free(result: *mut agentuser_result) -> agentuser_status {
    boundary(|| handle::remove::<ResultData>(result).map(drop))
}
