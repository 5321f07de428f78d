//! Vietnamese text: numbers, periods, names. (See the submodules.)
