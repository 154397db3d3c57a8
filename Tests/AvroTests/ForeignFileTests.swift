import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

@testable import HoneyAvro

/// Files as other writers make them, byte by byte.
struct ForeignFileTests {
    /// Makes a file of one block of records that are given as bytes.
    private func file(_ fields: String, rowCount: Int, _ rows: [UInt8], metadata: [(String, String)] = []) -> [UInt8] {
        let bytes = AvroBytes()
        let schema = "{\"type\":\"record\",\"name\":\"r\",\"fields\":[\(fields)]}"
        let marker = [UInt8](1...16)
        AvroHeader(schemaText: schema, codecName: "null", metadata: metadata, marker: marker, byteCount: 0)
            .write(to: bytes)
        bytes.append(long: Int64(rowCount))
        bytes.append(long: Int64(rows.count))
        return Array(bytes.bytes) + rows + marker
    }

    private func table(_ columns: [(String, String)]) -> FileTable {
        FileTable(columns.map { TableColumn($0.0, DataType(name: $0.1)!) }, format: AvroFormat())
    }

    @Test func unionsOfSeveralTypesAreRefusedOnlyWhereTheyAreAskedFor() throws {
        let bytes = file(
            "{\"name\":\"u\",\"type\":[\"null\",\"int\",\"string\"]},{\"name\":\"b\",\"type\":\"string\"}", rowCount: 3,
            [0, 2, 0x70, 2, 14, 2, 0x71, 4, 4, 0x79, 0x79, 2, 0x72])
        let table = table([("u", "string"), ("b", "string")])
        let file = try FileTable.file(bytes)
        #expect(try table.rows(file, projection: [1]) == [[.string("p")], [.string("q")], [.string("r")]])
        let error = #expect(throws: HoneyError.self) { try table.rows(file) }
        #expect(error?.code == "UNSUPPORTED_FILE")
        #expect(error?.message.contains("union of several types") == true)
    }

    @Test func unionsOfNumbersAreReadAsTheWidest() throws {
        let bytes = file("{\"name\":\"u\",\"type\":[\"int\",\"null\",\"long\"]}", rowCount: 3, [0, 2, 2, 4, 8])
        #expect(try table([("u", "bigint")]).rows(bytes) == [[.integer(1)], [.null], [.integer(4)]])
    }

    @Test func whatIsNotWantedIsSteppedOver() throws {
        let list =
            "{\"type\":\"record\",\"name\":\"l\",\"fields\":[{\"name\":\"v\",\"type\":\"int\"},{\"name\":\"next\",\"type\":[\"null\",\"l\"]}]}"
        let fields = [
            "{\"name\":\"list\",\"type\":\(list)}", "{\"name\":\"flag\",\"type\":\"boolean\"}",
            "{\"name\":\"f\",\"type\":\"float\"}", "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":\"string\"}}",
            "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}",
            "{\"name\":\"d\",\"type\":{\"type\":\"array\",\"items\":\"double\"}}",
            "{\"name\":\"z\",\"type\":{\"type\":\"array\",\"items\":\"null\"}}",
            "{\"name\":\"w\",\"type\":{\"type\":\"array\",\"items\":\"null\"}}",
            "{\"name\":\"last\",\"type\":\"int\"}",
        ]
        var row: [UInt8] = [2, 2, 4, 2, 6, 0]  // list: 1, 2, 3
        row += [1] + [0, 0, 0, 0]
        row += [2, 2, 0x6B, 4, 0x76, 0x76, 0]  // a map of one
        row += [3, 4, 2, 4, 0]  // an array of two, with its size: -2, then 2 bytes
        row += [2] + [UInt8](repeating: 0, count: 8) + [0]
        row += [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0]  // nulls without number
        row += [4, 0] + [84]
        let bytes = file(fields.joined(separator: ","), rowCount: 2, row + row)
        #expect(try table([("last", "int")]).rows(bytes) == [[.integer(42)], [.integer(42)]])
        #expect(
            try table([("a", "array<int>"), ("w", "array<int>")]).rows(bytes)[1]
                == [.array([.integer(1), .integer(2)]), .array([.null, .null])])
        let error = #expect(throws: HoneyError.self) { try table([("z", "array<int>")]).rows(bytes) }
        #expect(error?.code == "FILE_DAMAGED")
        let deep = file(fields[0], rowCount: 1, (0..<100_000).flatMap { _ in [2, 2] as [UInt8] } + [2, 0])
        #expect(throws: HoneyError.self) { try table([("none", "int"), ("list", "struct<v:int>")]).rows(deep) }
    }

    @Test func absurdCountsAreRefusedBeforeMemoryIsTaken() throws {
        let most: [UInt8] = [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        let text = file("{\"name\":\"a\",\"type\":\"string\"}", rowCount: 1, most + [0x61])
        let array = file(
            "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}", rowCount: 1, most + [2, 2])
        let rows = file("{\"name\":\"a\",\"type\":\"int\"}", rowCount: 1 << 60, [2])
        for (bytes, type) in [(text, "string"), (array, "array<int>"), (rows, "int")] {
            let error = #expect(throws: HoneyError.self) { try table([("a", type)]).rows(bytes) }
            #expect(error?.code == "FILE_DAMAGED")
            #expect(error?.file?.path == "memory:/part-00000")
        }
    }

    @Test func compressionsThatAreUnknownAreNamed() throws {
        let bytes = file("{\"name\":\"a\",\"type\":\"int\"}", rowCount: 1, [2], metadata: [("avro.codec", "xz")])
        let error = #expect(throws: HoneyError.self) { try table([("a", "int")]).rows(bytes) }
        #expect(error?.code == "UNSUPPORTED_FILE")
        #expect(error?.message.contains("xz") == true)
        #expect(error?.file?.path == "memory:/part-00000")
    }

    @Test func timestampsShowTheClockOfTheirWriter() throws {
        let bytes = file(
            "{\"name\":\"t\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}", rowCount: 1, [0],
            metadata: [("writer.time.zone", "Asia/Tokyo")])
        #expect(try table([("t", "timestamp")]).rows(bytes) == [[.timestamp(9 * 3600 * 1_000_000_000)]])
    }

    @Test func datesAreOfTheCalendarThatTheFileNames() throws {
        let type = "{\"name\":\"d\",\"type\":{\"type\":\"int\",\"logicalType\":\"date\"}}"
        // -141428 in both calendars: 1582-10-04 Julian, 1582-10-14 Gregorian.
        let day: [UInt8] = [0xE7, 0xA1, 0x11]
        let hybrid = file(type, rowCount: 1, day)
        let proleptic = file(type, rowCount: 1, day, metadata: [("writer.proleptic", "true")])
        #expect(try table([("d", "date")]).rows(hybrid) == [[.date(-141_438)]])
        #expect(try table([("d", "date")]).rows(proleptic) == [[.date(-141_428)]])
    }

    @Test func schemasAreReadFromTheirFilesByTheHandler() throws {
        #expect(AvroFormat().textProperties == ["avro.schema.url": "avro.schema.literal"])
        let literal =
            "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"A\",\"type\":\"int\",\"doc\":\"first\"}]}"
        let columns = try AvroFormat().columns(
            for: SerDeInfo(library: "", properties: ["avro.schema.literal": literal]), tableParameters: [:])
        #expect(columns == [TableColumn("a", .int, comment: "first")])
        #expect(
            try AvroFormat().columns(
                for: SerDeInfo(library: "", properties: ["avro.schema.literal": "none"]), tableParameters: [:]) == nil)
        let error = #expect(throws: HoneyError.self) {
            try AvroFormat().columns(
                for: SerDeInfo(library: "", properties: ["avro.schema.literal": "{}"]), tableParameters: [:])
        }
        #expect(error?.code == "INVALID_PROPERTY")
    }

    @Test func otherFormatsAndSerDesAreRefused() throws {
        let error = #expect(throws: HoneyError.self) { try table([("a", "int")]).rows(Array("plain text\n".utf8)) }
        #expect(error?.message.hasPrefix("not an Avro file") == true)
        #expect(error?.file == FilePosition("memory:/part-00000", offset: 0))
        var other = table([("a", "int")])
        other.serde = FileTable.lazySimpleSerDe
        #expect(throws: HoneyError.self) { try other.rows([]) }
    }
}
