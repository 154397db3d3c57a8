import HoneyCore
import HoneyPlan

/// Functions that take parts of texts.
enum Slicing {
    static let all: [any ScalarFunction] = [
        SimpleFunction(
            "substr", aliases: ["substring", "mid"],
            FunctionDocumentation(
                .string, usage: "substr(text or binary, start[, length])",
                summary: "Takes the part from a position on; positions count from 1, negative ones from the end.",
                example: ("select substr('honeyguide', -5, 3)", "gui")),
            signatures: [
                Signature([.string, .int], .string), Signature([.string, .int, .int], .string),
                Signature([.binary, .int], .binary), Signature([.binary, .int, .int], .binary),
            ]
        ) { site in
            let isText = site.result != .binary
            return RowKernel.bytes(site) { row, sink in
                let bytes = row.bytes(0)
                let length = isText ? CodePoints.count(bytes) : bytes.count
                let count = row.count > 2 ? row.int(2) : Int(Int32.max)
                guard let range = range(start: row.int(1), count: count, length: length) else { return true }
                if isText && length != bytes.count {
                    sink.append(CodePoints.slice(bytes, start: range.lowerBound, count: range.count))
                } else {
                    sink.append(UnsafeBufferPointer(rebasing: bytes[range]))
                }
                return true
            }
        },
        SimpleFunction(
            "substring_index",
            FunctionDocumentation(
                .string, usage: "substring_index(text, delimiter, count)",
                summary:
                    "Takes what is before the count-th delimiter, or after it from the end when the count is negative.",
                example: ("select substring_index('www.apache.org', '.', 2)", "www.apache")),
            signatures: [Signature([.string, .string, .int], .string)]
        ) { site in
            RowKernel.bytes(site) { row, sink in
                appendIndexed(row.bytes(0), delimiter: row.bytes(1), count: row.int(2), to: &sink)
                return true
            }
        },
        SimpleFunction(
            "elt",
            FunctionDocumentation(
                .string, usage: "elt(n, text1, text2, ...)", summary: "Gives the n-th text; null when there is none.",
                example: ("select elt(2, 'face', 'book')", "book")),
            signatures: [Signature([.int, .string], .string)], isVariadic: true
        ) { site in
            RowKernel.bytes(site, takesNulls: true) { row, sink in
                guard !row.isNull(0) else { return false }
                let index = row.int(0)
                guard index >= 1, index < row.count, !row.isNull(index) else { return false }
                sink.append(row.bytes(index))
                return true
            }
        },
        SimpleFunction(
            "field",
            FunctionDocumentation(
                .string, usage: "field(text, text1, text2, ...)",
                summary: "Gives the place of a text among others, from 1; 0 when it is none of them or null.",
                example: ("select field('world', 'say', 'hello', 'world')", "3")),
            signatures: [Signature([.string, .string], .int)], isVariadic: true
        ) { site in
            RowKernel.values(site, Int32.self, takesNulls: true) { row in
                guard !row.isNull(0) else { return 0 }
                let place = (1..<row.count).first { index in
                    !row.isNull(index) && compareBytes(row.bytes(0), row.bytes(index)) == 0
                }
                return Int32(truncatingIfNeeded: place ?? 0)
            }
        },
        SimpleFunction(
            "find_in_set",
            FunctionDocumentation(
                .string, usage: "find_in_set(text, list)",
                summary: "Gives the place of a text in a list separated by commas, from 1; 0 when it is not there.",
                example: ("select find_in_set('ab', 'abc,b,ab,c')", "3")),
            signatures: [Signature([.string, .string], .int)]
        ) { site in
            RowKernel.values(site, Int32.self) { row in
                let comma = UInt8(ascii: ",")
                let wanted = Array(row.bytes(0))
                guard !wanted.contains(comma) else { return 0 }
                let items = row.bytes(1).split(separator: comma, omittingEmptySubsequences: false)
                return items.firstIndex { $0.elementsEqual(wanted) }.map { Int32(truncatingIfNeeded: $0 + 1) } ?? 0
            }
        },
    ]

    /// The range of `count` units from a start that counts from 1, or from the end when negative; nil for nothing.
    private static func range(start: Int, count: Int, length: Int) -> Range<Int>? {
        guard count > 0, abs(start) <= length else { return nil }
        let first = start > 0 ? start - 1 : start < 0 ? length + start : 0
        let end = min(first + count, length)
        return first < end ? first..<end : nil
    }

    private static func appendIndexed(
        _ bytes: UnsafeBufferPointer<UInt8>, delimiter: UnsafeBufferPointer<UInt8>, count: Int, to sink: inout ByteSink
    ) {
        guard count != 0, delimiter.count > 0 else { return }
        var places: [Int] = []
        var offset = 0
        while let place = CodePoints.find(delimiter, in: bytes, from: offset) {
            places.append(place)
            offset = place + delimiter.count
        }
        if count > 0 {
            let end = count <= places.count ? places[count - 1] : bytes.count
            sink.append(UnsafeBufferPointer(rebasing: bytes[..<end]))
        } else {
            let start = -count <= places.count ? places[places.count + count] + delimiter.count : 0
            sink.append(UnsafeBufferPointer(rebasing: bytes[start...]))
        }
    }
}
