import HoneyCore
import HoneyStorage

/// The rows of a batch that are written at once.
struct RowSlice {
    var start: Int
    var count: Int
    /// Selected rows, of which the slice begins with the one at `start`; nil when all are.
    var selected: UnsafePointer<Int32>?

    @inline(__always)
    func row(_ index: Int) -> Int { selected.map { Int($0[start + index]) } ?? start + index }
}

/// Takes a column of any nesting apart into its leaves' levels and values.
///
/// At each node, *entries* are what the leaves below will have: a repetition level, a definition level, and the row of the node's
/// column, or -1 where an entry has ended above (null, or an empty list).
final class ColumnShredder {
    private struct Entries {
        var repetitions: [UInt8]
        var definitions: [UInt8]
        var rows: [Int32]
    }

    private let leaves: ArraySlice<LeafWriter>
    private var held = HeldValues()

    /// The leaves are the column's, in order.
    init(_ leaves: ArraySlice<LeafWriter>) { self.leaves = leaves }

    func write(_ column: Column, _ slice: RowSlice) throws {
        let column = column.flattened()
        if let leaf = leaves.first, column.children.isEmpty, column.physical != .structure {
            return try writeFlat(column, slice, leaf)
        }
        var next = leaves.startIndex
        let entries = Entries(
            repetitions: [UInt8](repeating: 0, count: slice.count),
            definitions: [UInt8](repeating: 0, count: slice.count),
            rows: (0..<slice.count).map { Int32(truncatingIfNeeded: slice.row($0)) })
        try write(column, entries, rows: slice.count, repetition: 0, definition: 0, isRequired: false, &next)
    }

    private func writeFlat(_ column: Column, _ slice: RowSlice, _ leaf: LeafWriter) throws {
        let values = try held.gather(column, slice, form: leaf.leaf.form)
        try leaf.append(
            rows: slice.count, entries: slice.count, definitions: values.definitions, repetitions: nil,
            held: values.start, values: values.count)
    }

    /// `definition` and `repetition` are the levels of a value that is there, but for the node's own optionality.
    private func write(
        _ column: Column, _ entries: Entries, rows: Int, repetition: UInt8, definition: UInt8, isRequired: Bool,
        _ next: inout Int
    ) throws {
        var entries = entries
        var definition = definition
        if !isRequired {
            definition += 1
            ColumnShredder.define(column, &entries, definition)
        } else if let validity = column.validity {
            for index in entries.rows.indices where entries.rows[index] >= 0 && !validity[Int(entries.rows[index])] {
                throw HoneyError(.data, "NULL_MAP_KEY", "map has a null key, which Parquet does not hold")
            }
        }
        switch column.type {
        case .array, .map:
            let expanded = ColumnShredder.expand(
                column, entries, repetition: repetition + 1, definition: definition + 1)
            for (index, child) in column.children.enumerated() {
                try write(
                    child.flattened(), expanded, rows: rows, repetition: repetition + 1, definition: definition + 1,
                    isRequired: index == 0 && column.children.count == 2, &next)
            }
        case .structure:
            for child in column.children {
                try write(
                    child.flattened(), entries, rows: rows, repetition: repetition, definition: definition,
                    isRequired: false, &next)
            }
        default:
            let leaf = leaves[next]
            next += 1
            let values = try held.gather(column, entries.rows, form: leaf.leaf.form)
            try entries.definitions.withUnsafeBufferPointer { definitions in
                try entries.repetitions.withUnsafeBufferPointer { repetitions in
                    try leaf.append(
                        rows: rows, entries: definitions.count, definitions: definitions.baseAddress,
                        repetitions: repetitions.baseAddress, held: values.start, values: values.count)
                }
            }
        }
    }

    /// Raises the level of entries that are there, and ends those that are null.
    private static func define(_ column: Column, _ entries: inout Entries, _ definition: UInt8) {
        let validity = column.validity
        for index in entries.rows.indices where entries.rows[index] >= 0 {
            if validity?[Int(entries.rows[index])] ?? true {
                entries.definitions[index] = definition
            } else {
                entries.rows[index] = -1
            }
        }
    }

    /// Makes an entry of each element, and one of each list that has none.
    private static func expand(
        _ column: Column, _ entries: Entries, repetition: UInt8, definition: UInt8
    ) -> Entries {
        let lists = column.values(as: ListEntry.self)
        var expanded = Entries(repetitions: [], definitions: [], rows: [])
        for index in entries.rows.indices {
            let row = Int(entries.rows[index])
            let list = row >= 0 ? lists[row] : ListEntry(start: 0, count: 0)
            if list.count == 0 {
                expanded.repetitions.append(entries.repetitions[index])
                expanded.definitions.append(entries.definitions[index])
                expanded.rows.append(-1)
            }
            for element in 0..<list.count {
                expanded.repetitions.append(element == 0 ? entries.repetitions[index] : repetition)
                expanded.definitions.append(definition)
                expanded.rows.append(list.start + element)
            }
        }
        return expanded
    }
}
