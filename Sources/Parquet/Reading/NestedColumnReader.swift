import HoneyCore
import HoneyStorage

/// A column of structs, lists and maps, put together from its leaves' levels.
///
/// A node has a *slot* wherever a value of it could be: for each row, or each element of the innermost list around it. Of a leaf
/// below the node, the entries with `repetition <= r` and `definition >= d` are its slots, where `r` is the repetition level and
/// `d` the definition level of that list's elements (0 and 0 outside of lists).
final class NestedColumnReader: ColumnReader {
    private final class Node {
        enum Kind {
            case missing
            case leaf
            case structure(definition: Int)
            case list(ListLevels)
        }

        let type: DataType
        let kind: Kind
        let children: [Node]
        /// The leaf that tells of this node; nil for what is missing.
        let run: LevelRun?

        init(_ type: DataType, _ kind: Kind, _ children: [Node] = [], run: LevelRun?) {
            self.type = type
            self.kind = kind
            self.children = children
            self.run = run
        }
    }

    private var runs: [LevelRun] = []
    private var root: Node?
    var leaves: [LeafReader] { runs.map(\.leaf) }

    init(_ plan: ColumnPlan, _ reading: FileReading) throws {
        root = try makeNode(plan, reading)
    }

    private func makeNode(_ plan: ColumnPlan, _ reading: FileReading) throws -> Node {
        switch plan {
        case .missing(let type): return Node(type, .missing, run: nil)
        case .leaf(let leaf): return Node(leaf.type, .leaf, run: try addRun(leaf, reading))
        case .structure(let type, let definition, let levels, let members):
            let children = try members.map { try makeNode($0, reading) }
            let run = try children.lazy.compactMap(\.run).first ?? addRun(levels, reading)
            return Node(type, .structure(definition: definition), children, run: run)
        case .list(let type, let levels, let members):
            let children = try members.map { try makeNode($0, reading) }
            let run = try children.lazy.compactMap(\.run).first ?? addRun(levels.leaf, reading)
            return Node(type, .list(levels), children, run: run)
        }
    }

    private func addRun(_ leaf: LeafPlan, _ reading: FileReading) throws -> LevelRun {
        runs.append(LevelRun(try LeafReader(leaf, reading), skipsValues: false))
        return runs[runs.count - 1]
    }

    private func addRun(_ levels: SchemaNode, _ reading: FileReading) throws -> LevelRun {
        let leaf = LeafPlan(node: levels, type: LeafConversion.naturalType(of: levels))
        runs.append(LevelRun(try LeafReader(leaf, reading), skipsValues: true))
        return runs[runs.count - 1]
    }

    func decode(from first: Int, count: Int, chosen: UnsafePointer<Int32>?, chosenCount: Int) throws -> Column {
        guard let root else { throw HoneyError.unexpected("nested column has no plan") }
        for run in runs {
            if run.leaf.rowsPassed == 0 { run.enter() }
            if first > run.leaf.rowsPassed { try run.skip(rows: first - run.leaf.rowsPassed) }
            try run.read(rows: count)
        }
        let column = try assemble(root, slots: count, definition: 0, repetition: 0)
        return chosen.map { column.gathered($0, count: chosenCount) } ?? column
    }

    private func assemble(_ node: Node, slots: Int, definition: Int, repetition: Int) throws -> Column {
        guard let run = node.run else {
            return Column.constant(.null, type: node.type, count: slots).flattened()
        }
        switch node.kind {
        case .missing: return Column.constant(.null, type: node.type, count: slots).flattened()
        case .leaf:
            let present = try presence(
                run, slots, definition, repetition, from: run.leaf.node.definitionLevel)
            guard let present else { return run.values.column() }
            return run.values.column(spreadBy: present, rows: slots)
        case .structure(let level):
            let present = try presence(run, slots, definition, repetition, from: level)
            let children = try node.children.map {
                try assemble($0, slots: slots, definition: definition, repetition: repetition)
            }
            return Column(
                type: node.type, count: slots, validity: present, data: Buffer(capacity: 0), children: children)
        case .list(let levels):
            return try assembleList(node, run, levels, slots: slots, definition: definition, repetition: repetition)
        }
    }

    /// Which of the slots reach a definition level; nil when all do.
    private func presence(
        _ run: LevelRun, _ slots: Int, _ definition: Int, _ repetition: Int, from level: Int
    ) throws -> Bitmap? {
        let definitions = run.definitions, repetitions = run.repetitions
        let present = Bitmap(count: slots, repeating: false)
        let words = present.words
        var slot = 0
        var there = 0
        for entry in 0..<run.count where Int(repetitions[entry]) <= repetition && Int(definitions[entry]) >= definition
        {
            guard slot < slots else { throw NestedColumnReader.unequal() }
            let bit: UInt64 = Int(definitions[entry]) >= level ? 1 : 0
            words[slot >> 6] |= bit << UInt64(slot & 63)
            there &+= Int(bit)
            slot &+= 1
        }
        guard slot == slots else { throw NestedColumnReader.unequal() }
        return there == slots ? nil : present
    }

    private func assembleList(
        _ node: Node, _ run: LevelRun, _ levels: ListLevels, slots: Int, definition: Int, repetition: Int
    ) throws -> Column {
        let data = Buffer(capacity: slots * MemoryLayout<ListEntry>.stride)
        let lists = data.pointer(to: ListEntry.self)
        let validity = Bitmap(count: slots, repeating: true)
        let definitions = run.definitions, repetitions = run.repetitions
        var slot = -1
        var elements: Int32 = 0
        var hasNull = false
        // Whether the list at hand may have a further element.
        var isOpen = false
        for entry in 0..<run.count {
            let level = Int(definitions[entry])
            if Int(repetitions[entry]) <= repetition {
                isOpen = level >= levels.element
                guard level >= definition else { continue }
                slot &+= 1
                guard slot < slots else { throw NestedColumnReader.unequal() }
                let isNull = level < levels.defined
                lists[slot] = ListEntry(start: isNull ? 0 : Int(elements), count: isOpen ? 1 : 0)
                elements &+= isOpen ? 1 : 0
                if isNull {
                    validity.clear(slot)
                    hasNull = true
                }
            } else if Int(repetitions[entry]) <= levels.repetition {
                guard isOpen, slot >= 0, level >= levels.element else {
                    throw HoneyError.damaged("levels continue a list that is not there")
                }
                lists[slot].count &+= 1
                elements &+= 1
            }
        }
        guard slot == slots - 1 else { throw NestedColumnReader.unequal() }
        let children = try node.children.map {
            try assemble($0, slots: Int(elements), definition: levels.element, repetition: levels.repetition)
        }
        return Column(
            type: node.type, count: slots, validity: hasNull ? validity : nil, data: data, children: children)
    }

    private static func unequal() -> HoneyError {
        HoneyError.damaged("columns of a nested value have different numbers of elements")
    }
}
