import HoneyCore

/// How many bytes compressed ones may claim to hold before memory is taken for them.
package enum ExpansionLimit {
    /// What is believed of however few bytes: real writers close a block after some megabytes.
    private static let believedBytes = 256 << 20
    /// More than deflate, LZ4 or Snappy make of a byte.
    private static let mostPerByte = 1100

    /// Checks a claim; fails with `FILE_DAMAGED`.
    package static func check(stored: Int, claimed: Int) throws {
        guard claimed <= max(believedBytes, stored.multipliedReportingOverflow(by: mostPerByte).partialValue) else {
            throw HoneyError.damaged("\(stored) compressed bytes claim to hold \(claimed)")
        }
    }
}
