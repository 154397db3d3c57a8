import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

@testable import HoneyParquet

/// Lists and maps are read in every layout that writers have had for them.
struct NestedLayoutTests {
    /// A file of one int column with these levels.
    private func file(
        rows: Int, values: [Int32], repetitions: [UInt8], definitions: [UInt8], most: (repetition: Int, definition: Int),
        schema: (inout HandMadeFile) -> Void
    ) throws -> HandMadeFile {
        var file = HandMadeFile(rows: rows)
        schema(&file)
        let body =
            HandMadeFile.levels(repetitions, most: most.repetition)
            + (most.definition > 0 ? HandMadeFile.levels(definitions, most: most.definition) : [])
            + values.flatMap { HandMadeFile.plain($0) }
        file.chunks.append(
            HandMadeFile.Chunk(
                type: .int32, valueCount: repetitions.count,
                pages: try HandMadeFile.page(.plain, values: repetitions.count, body)))
        return file
    }

    private func read(_ file: HandMadeFile, as type: String) throws -> [Value] {
        let table = FileTable([TableColumn("x", try #require(DataType(name: type)))], format: ParquetFormat())
        return try table.rows(file.bytes()).map { $0[0] }
    }

    private let ints = [Value.array([.integer(1), .integer(2)]), .array([]), .array([.integer(3)])]

    @Test func repeatedFieldsAloneAreLists() throws {
        let file = try file(
            rows: 3, values: [1, 2, 3], repetitions: [0, 1, 0, 0], definitions: [1, 1, 0, 1], most: (1, 1)
        ) { $0.add("x", .repeated, type: .int32) }
        #expect(try read(file, as: "array<int>") == ints)
    }

    @Test func listsOfTwoLevelsAreRead() throws {
        let file = try file(
            rows: 4, values: [1, 2, 3], repetitions: [0, 1, 0, 0, 0], definitions: [2, 2, 1, 2, 0], most: (1, 2)
        ) {
            $0.add("x", .optional, children: 1, annotation: .list)
            $0.add("array", .repeated, type: .int32, isTop: false)
        }
        #expect(try read(file, as: "array<int>") == ints + [.null])
    }

    @Test(arguments: [("bag", "array_element"), ("list", "element"), ("array", "x")])
    func listsOfThreeLevelsAreRead(_ names: (String, String)) throws {
        let file = try file(
            rows: 5, values: [1, 2, 3], repetitions: [0, 1, 0, 0, 0, 0], definitions: [3, 3, 1, 3, 0, 2], most: (1, 3)
        ) {
            $0.add("x", .optional, children: 1, annotation: .list)
            $0.add(names.0, .repeated, children: 1, isTop: false)
            $0.add(names.1, .optional, type: .int32, isTop: false)
        }
        #expect(try read(file, as: "array<int>") == ints + [.null, .array([.null])])
    }

    @Test(arguments: ["array", "x_tuple"]) func repeatedGroupsOfOneMemberAreStructs(_ name: String) throws {
        let file = try file(
            rows: 3, values: [1, 2, 3], repetitions: [0, 1, 0, 0], definitions: [2, 2, 1, 2], most: (1, 2)
        ) {
            $0.add("x", .optional, children: 1, annotation: .list)
            $0.add(name, .repeated, children: 1, isTop: false)
            $0.add("count", .required, type: .int32, isTop: false)
        }
        let structs = try read(file, as: "array<struct<count:int>>")
        #expect(structs == [.array([.structure([.integer(1)]), .structure([.integer(2)])]), .array([]), .array([.structure([.integer(3)])])])
        // Asked for numbers, they are that too.
        #expect(try read(file, as: "array<int>") == ints)
        let wider = try read(file, as: "array<struct<other:string,count:int>>")
        #expect(wider[2] == .array([.structure([.null, .integer(3)])]))
    }

    @Test(arguments: [Annotation.map, .mapKeyValue, .none]) func mapsAreRead(_ annotation: Annotation) throws {
        var file = try file(
            rows: 3, values: [1, 2, 3], repetitions: [0, 1, 0, 0, 0].dropLast(), definitions: [2, 2, 1, 2], most: (1, 2)
        ) {
            $0.add("x", .optional, children: 1, annotation: annotation)
            $0.add("map", .repeated, children: 2, isTop: false)
            $0.add("key", .required, type: .int32, isTop: false)
            $0.add("value", .optional, type: .int32, isTop: false)
        }
        let body =
            HandMadeFile.levels([0, 1, 0, 0], most: 1) + HandMadeFile.levels([3, 2, 1, 3], most: 3)
            + HandMadeFile.plain(Int32(10), Int32(30))
        file.chunks.append(
            HandMadeFile.Chunk(type: .int32, valueCount: 4, pages: try HandMadeFile.page(.plain, values: 4, body)))
        #expect(
            try read(file, as: "map<int,int>") == [
                .map([Value.MapEntry(.integer(1), .integer(10)), Value.MapEntry(.integer(2), .null)]), .map([]),
                .map([Value.MapEntry(.integer(3), .integer(30))]),
            ])
    }

    @Test func membersThatAMissingStructLacksAreNull() throws {
        let file = try file(
            rows: 3, values: [7], repetitions: [], definitions: [], most: (0, 2)
        ) {
            $0.add("x", .optional, children: 1)
            $0.add("a", .optional, type: .int32, isTop: false)
        }
        var other = file
        other.chunks = [
            HandMadeFile.Chunk(
                type: .int32, valueCount: 3,
                pages: try HandMadeFile.page(
                    .plain, values: 3, HandMadeFile.levels([2, 1, 0], most: 2) + HandMadeFile.plain(Int32(7))))
        ]
        #expect(
            try read(other, as: "struct<A:int,b:string>") == [
                .structure([.integer(7), .null]), .structure([.null, .null]), .null,
            ])
        // Of members that are all missing, the struct's own nulls are still known.
        #expect(try read(other, as: "struct<b:string>") == [.structure([.null]), .structure([.null]), .null])
    }

    @Test func otherShapesAreRefused() throws {
        let file = try file(
            rows: 3, values: [1, 2, 3], repetitions: [0, 1, 0, 0], definitions: [1, 1, 0, 1], most: (1, 1)
        ) { $0.add("x", .repeated, type: .int32) }
        for type in ["int", "struct<a:int>", "map<int,int>"] {
            let error = #expect(throws: HoneyError.self) { try read(file, as: type) }
            #expect(error?.code == "UNSUPPORTED_FILE")
        }
    }
}
