//! The parts of the core that a program may load later, where it is built without the feature `whole`.
//!
//! Without the spellings of characters, no rule is judged otherwise, but fixes propose less. The texts of problems are marks in
//! problems and explanations: U+E000, the code's name, a full stop, `meaning`, `cause`, `fix` or `evidence`, and U+E001. A host replaces
//! them, with the full stop behind them, by the texts of [`Code::entry`](crate::problem::Code::entry) in a program that is whole.

/// Makes the spellings of characters known. The part of the program that has them calls it before all else.
pub fn arrived() {
    #[cfg(not(feature = "whole"))]
    crate::validate::have_spellings();
}
