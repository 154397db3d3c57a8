import HoneyFiles
import Testing

@testable import HoneyStorage

/// A scan opens a file once as long as it is among those that were read last.
struct OpenFilesTests {
    @Test func theLongestUnusedIsOpenedAgain() throws {
        let system = MemoryFileSystem()
        let locations = try (0..<3).map { number in
            let location = FileLocation(scheme: "memory", path: "/\(number)")
            try system.write([UInt8(number)], to: location)
            return location
        }
        let files = OpenFiles(limit: 2)
        var opened: [String] = []
        for number in [0, 1, 0, 1, 0, 2, 0, 1] {
            let file = try files.file(at: locations[number]) { location in
                opened.append(location.path)
                return try system.open(location)
            }
            #expect(file.location == locations[number])
        }
        #expect(opened == ["/0", "/1", "/2", "/1"])
    }

    @Test func aFailureIsNotKept() throws {
        let system = MemoryFileSystem()
        let location = FileLocation(scheme: "memory", path: "/late")
        let files = OpenFiles()
        #expect(throws: (any Error).self) { try files.file(at: location) { try system.open($0) } }
        try system.write([1], to: location)
        #expect(try files.file(at: location) { try system.open($0) }.size == 1)
    }
}
