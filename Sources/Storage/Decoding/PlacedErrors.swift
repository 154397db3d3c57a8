package import HoneyCore

extension HoneyError {
    /// Makes the error of bytes that break their format's rules, in a place that the caller knows.
    package static func damaged(_ message: String) -> HoneyError { HoneyError(.data, "FILE_DAMAGED", message) }

    /// Returns the error with a place in a file, keeping one it already has.
    package func placed(in path: String, at offset: Int) -> HoneyError {
        var copy = self
        copy.file = copy.file ?? FilePosition(path, offset: offset)
        return copy
    }
}

/// Runs `body` and gives its errors a place in a file when they have none.
@inline(__always)
package func placingErrors<R>(in path: @autoclosure () -> String, at offset: Int, _ body: () throws -> R) throws -> R {
    do { return try body() } catch let error as HoneyError { throw error.placed(in: path(), at: offset) }
}
