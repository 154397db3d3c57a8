import HoneyFiles
import HoneyStorage
import Testing

/// Footers are parsed once for all readers of a scan, as long as there is room.
struct ParsedFootersTests {
    private func files(_ count: Int) throws -> [any ReadableFile] {
        let files = MemoryFileSystem()
        return try (0..<count).map { number in
            let location = FileLocation(scheme: "memory", path: "/\(number)")
            try files.write([1, 2, 3], to: location)
            return try files.open(location)
        }
    }

    @Test func theLongestUnusedGoesFirst() throws {
        let files = try files(3)
        let footers = ParsedFooters(limitBytes: 20)
        var parsed: [Int] = []
        func ask(_ number: Int, bytes: Int = 10) throws {
            let footer = try footers.footer(of: files[number], bytes: { _ in bytes }) {
                parsed.append(number)
                return number
            }
            #expect(footer == number)
        }
        for number in [0, 1, 0, 1, 0] { try ask(number) }
        #expect(parsed == [0, 1])
        try ask(2)
        try ask(0)
        try ask(1)
        #expect(parsed == [0, 1, 2, 1])
        // What is larger than all room is not kept.
        try ask(2, bytes: 21)
        try ask(2, bytes: 21)
        #expect(parsed.suffix(2) == [2, 2])
    }

    @Test func footersOfDifferentTypesStayApart() throws {
        let file = try files(1)[0]
        let footers = ParsedFooters()
        #expect(try footers.footer(of: file, bytes: { _ in 1 }) { "text" } == "text")
        #expect(try footers.footer(of: file, bytes: { _ in 1 }) { 7 } == 7)
        #expect(try footers.footer(of: file, bytes: { _ in 1 }) { "other" } == "text")
    }
}
