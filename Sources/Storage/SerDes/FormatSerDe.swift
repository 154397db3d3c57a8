import HoneyCore

/// A SerDe class whose rows one file format alone holds and reads and writes itself: there are no records to decode.
public struct FormatSerDe: SerDe {
    public let names: [String]
    public let writableClass: String
    private let keyword: String

    /// Names the classes that go with the format of a `STORED AS` keyword, the one that is stored first.
    public init(_ names: [String], of keyword: String, writableClass: String) {
        self.names = names
        self.writableClass = writableClass
        self.keyword = keyword
    }

    public func makeDecoder(for request: ReadRequest) throws -> any RecordDecoder { throw otherContainer() }

    public func makeEncoder(for request: WriteRequest) throws -> any RecordEncoder { throw otherContainer() }

    /// Fails with `UNSUPPORTED_SERDE` on a SerDe whose rows the format does not hold.
    package func check(_ name: String) throws {
        if names.contains(name) { return }
        throw HoneyError(
            .semantic, "UNSUPPORTED_SERDE", "SerDe does not go with \(keyword) files (\(names[0]) does): \(name)")
    }

    private func otherContainer() -> HoneyError {
        HoneyError(
            .semantic, "UNSUPPORTED_SERDE",
            "SerDe goes with \(keyword) files only (declare the table STORED AS \(keyword)): \(names[0])")
    }
}
