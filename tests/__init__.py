from tests import bytecode

bytecode.keep()
