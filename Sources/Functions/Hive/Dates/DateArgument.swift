import HoneyCore
import HoneyPlan

/// Reads dates and moments from arguments that may be dates, timestamps or texts of either.
struct DateArgument {
    private let index: Int
    private let type: DataType

    init(_ index: Int, of site: CallSite) {
        self.index = index
        type = site.arguments[index].type
    }

    /// Days since 1970-01-01; nil for a text that begins with no date.
    func days(_ row: ArgumentRow) -> Int? {
        switch type {
        case .date: row.days(index)
        case .timestamp: CivilDate.split(timestamp: row.timestamp(index)).days
        default: DateArgument.days(row.bytes(index))
        }
    }

    /// Nanoseconds since 1970-01-01 00:00:00; nil for a text that is neither a timestamp nor a date.
    func moment(_ row: ArgumentRow) -> Int128? {
        switch type {
        case .date: CivilDate.timestamp(days: row.days(index), nanosecondsOfDay: 0)
        case .timestamp: row.timestamp(index)
        default:
            TimestampText.parse(row.bytes(index))
                ?? DateArgument.days(row.bytes(index)).map { CivilDate.timestamp(days: $0, nanosecondsOfDay: 0) }
        }
    }

    /// The date a text begins with: `yyyy-MM-dd`, alone or before a space or `T`.
    static func days(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let end = bytes.firstIndex { $0 == 32 || $0 == UInt8(ascii: "T") } ?? bytes.count
        return DateText.parse(UnsafeBufferPointer(rebasing: bytes[..<end])).map(Int.init)
    }

    /// The signatures of a function whose first argument is a date in any form.
    static func signatures(_ rest: [DataType] = [], _ result: DataType) -> [Signature] {
        [DataType.date, .timestamp, .string].map { Signature([$0] + rest, result) }
    }

    /// The signatures of a function whose two first arguments are dates in any form.
    static func pairSignatures(_ result: DataType) -> [Signature] {
        [DataType.date, .timestamp, .string].flatMap { signatures([$0], result) }.map {
            Signature($0.arguments.reversed(), $0.result)
        }
    }
}
