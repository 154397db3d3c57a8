package import HoneyCore
package import HoneyPlan

/// Looks the rows of its input up in a join's table.
package final class JoinProbeOperator: Operator {
    private let kind: Join.Kind
    private let table: JoinTable
    private let expressions: CompiledExpressions
    private let keyCount: Int
    private let keys: KeyEncoder
    private let candidates: JoinCandidates
    private let residual: JoinResidual?
    private let unknowns: JoinUnknowns?
    /// Output columns: places among the probe columns and the table's.
    private let probeOutput: [Int]
    private let buildOutput: [Int]
    private let probeTypes: [DataType]
    private let memory: MemoryReservation

    private var current: Batch?
    private var isWalking = false
    /// By row of the current batch: whether it has matched, and whether some condition was null.
    private var matched: [UInt8] = []
    private var unknown: [UInt8] = []
    private var pending: [Batch] = []
    private var isFinished = false
    private var hasEnded = false
    /// The next build row to look at for rows without a match; only in the last instance.
    private var leftoverCursor: Int?

    package init(
        _ join: HashJoin, table: JoinTable, probeInput: [ColumnReference], output: [ColumnReference],
        in context: EvaluationContext, memory: MemoryReservation
    ) throws {
        kind = join.kind
        self.table = table
        self.memory = memory
        keyCount = join.keys.count
        var needed = Set(output.map(\.id)).union(join.residual?.referencedColumns ?? [])
        if join.kind.isThreeValued { for key in join.keys { needed.formUnion(key.probe.referencedColumns) } }
        let kept = probeInput.filter { needed.contains($0.id) }
        expressions = try CompiledExpressions(
            join.keys.map(\.probe) + kept.map { .column($0) }, over: probeInput, in: context)
        keys = KeyEncoder(table.layout)
        candidates = JoinCandidates(table)
        residual = try join.residual.map { try JoinResidual($0, probe: kept, build: table.stored, in: context) }
        unknowns =
            join.kind.isThreeValued ? try JoinUnknowns(join, probe: kept, build: table.stored, in: context) : nil
        probeOutput = output.compactMap { kept.firstIndex(of: $0) }
        buildOutput = join.kind.givesBuildColumns ? output.compactMap { table.position(of: $0) } : []
        probeTypes = kept.map(\.type)
    }

    package var peakMemoryBytes: Int { memory.peakBytes + table.reportBytes() }

    package func accept(_ batch: Batch) throws {
        guard batch.rowCount > 0 else { return }
        let evaluated = try expressions.evaluate(batch)
        keys.encode(Array(evaluated.columns[..<keyCount]), count: evaluated.count, selection: evaluated.selection)
        let rows = Batch(
            columns: Array(evaluated.columns[keyCount...]), count: evaluated.count, selection: evaluated.selection)
        current = rows
        matched = [UInt8](repeating: 0, count: rows.count)
        if unknowns != nil { unknown = [UInt8](repeating: 0, count: rows.count) }
        candidates.start(keys, selection: rows.selection)
        isWalking = true
    }

    package func finish() { isFinished = true }

    package func next() throws -> Step {
        guard table.ready.isOpen else { return .blocked(table.ready) }
        while true {
            if let batch = pending.popLast() { return .batch(batch) }
            if let batch = current {
                try advance(batch)
                continue
            }
            if isFinished { return try nextLeftover() }
            // Nothing can come of an empty table: the input need not be read.
            if table.rowCount == 0, kind.needsMatch {
                end()
                return .finished
            }
            return .needsInput
        }
    }

    package func close() { end() }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        _ = table.proberEnded()
        current = nil
        pending = []
    }

    // MARK: One batch

    private func advance(_ batch: Batch) throws {
        let onlyFlags = !kind.givesPairs
        if isWalking, candidates.advance(firstOnly: onlyFlags && residual == nil) {
            guard candidates.count > 0 else { return }
            if let residual {
                let (passed, unsure) = try residual.test(
                    candidates, probe: batch, build: table.columns, wantsUnknown: unknowns != nil)
                if let unsure { for pair in 0..<unsure.count { unknown[Int(candidates.probeRows[unsure[pair]])] = 1 } }
                if let passed { candidates.keep(passed) }
            }
            try takeMatches(batch)
            return
        }
        isWalking = false
        current = nil
        if let unknowns {
            try unknowns.find(
                table: table, keys: keys, batch: batch, matched: matched, unknown: &unknown, candidates: candidates)
        }
        pending += rowsAtEnd(of: batch)
    }

    /// Notes which rows have matched, and gives the pairs when the kind wants them.
    private func takeMatches(_ batch: Batch) throws {
        let count = candidates.count
        let probeRows = candidates.probeRows
        if kind != .inner, kind != .right, kind != .single {
            matched.withUnsafeMutableBufferPointer { flags in
                for pair in 0..<count { flags[Int(probeRows[pair])] = 1 }
            }
        }
        if kind == .single {
            for pair in 0..<count {
                let row = Int(candidates.probeRows[pair])
                guard matched[row] == 0 else {
                    throw HoneyError(
                        .data, "SUBQUERY_ROWS", "a scalar subquery gave more than one row", sqlState: "21000")
                }
                matched[row] = 1
            }
        }
        if table.marksMatches {
            let marks = table.matched
            let buildRows = candidates.buildRows
            for pair in 0..<count { marks[Int(buildRows[pair])] = 1 }
        }
        guard kind.givesPairs, count > 0 else { return }
        let isIdentity = batch.selection == nil && count == batch.count && isEachRowOnce(count)
        let probe = probeOutput.map { position -> Column in
            isIdentity ? batch.columns[position] : batch.columns[position].gathered(candidates.probeRows, count: count)
        }
        let build = buildOutput.map { table.columns[$0].gathered(candidates.buildRows, count: count) }
        pending.append(Batch(columns: probe + build, count: count))
    }

    private func isEachRowOnce(_ count: Int) -> Bool {
        let probeRows = candidates.probeRows
        for pair in 0..<count where probeRows[pair] != Int32(truncatingIfNeeded: pair) { return false }
        return true
    }

    /// What is known of the batch's rows only when all candidates are seen.
    private func rowsAtEnd(of batch: Batch) -> [Batch] {
        switch kind {
        case .inner, .right: return []
        case .left, .full, .single:
            let selection = select(batch) { matched, _ in !matched }
            guard selection.count > 0 else { return [] }
            let nulls = buildOutput.map { Column.constant(.null, type: table.stored[$0].type, count: batch.count) }
            return [
                Batch(columns: probeOutput.map { batch.columns[$0] } + nulls, count: batch.count, selection: selection)
            ]
        case .semi: return kept(batch, select(batch) { matched, _ in matched })
        case .anti: return kept(batch, select(batch) { matched, _ in !matched })
        case .nullAwareAnti: return kept(batch, select(batch) { matched, unknown in !matched && !unknown })
        case .mark:
            let buffer = Buffer(capacity: batch.count)
            let marks = buffer.pointer(to: UInt8.self)
            var mask: Bitmap?
            for row in 0..<batch.count {
                marks[row] = matched[row]
                if matched[row] == 0, unknown[row] != 0 {
                    if mask == nil { mask = Bitmap(count: batch.count, repeating: true) }
                    mask!.clear(row)
                }
            }
            let mark = Column(type: .boolean, count: batch.count, validity: mask, data: buffer)
            return [
                Batch(
                    columns: probeOutput.map { batch.columns[$0] } + [mark], count: batch.count,
                    selection: batch.selection)
            ]
        }
    }

    private func kept(_ batch: Batch, _ selection: Selection) -> [Batch] {
        guard selection.count > 0 else { return [] }
        return [Batch(columns: probeOutput.map { batch.columns[$0] }, count: batch.count, selection: selection)]
    }

    /// The batch's rows for which `condition`, given how they have matched, holds.
    @inline(__always)
    private func select(_ batch: Batch, _ condition: (_ matched: Bool, _ unknown: Bool) -> Bool) -> Selection {
        let before = batch.selection?.indices
        let rows = batch.rowCount
        return matched.withUnsafeBufferPointer { matched in
            unknown.withUnsafeBufferPointer { unknown in
                Selection(capacity: rows) { target in
                    var kept = 0
                    for position in 0..<rows {
                        let row = before.map { Int($0[position]) } ?? position
                        target[kept] = Int32(truncatingIfNeeded: row)
                        let passes = condition(matched[row] != 0, !unknown.isEmpty && unknown[row] != 0)
                        kept &+= Int(unsafeBitCast(passes, to: UInt8.self))
                    }
                    return kept
                }
            }
        }
    }

    // MARK: Rows of the table without a match

    private func nextLeftover() throws -> Step {
        if !hasEnded {
            hasEnded = true
            if table.proberEnded(), table.marksMatches { leftoverCursor = 0 }
        }
        guard var row = leftoverCursor else { return .finished }
        var rows: [Int32] = []
        while row < table.rowCount, rows.count < Batch.targetRows {
            if table.matched[row] == 0 { rows.append(Int32(truncatingIfNeeded: row)) }
            row += 1
        }
        leftoverCursor = row
        guard !rows.isEmpty else { return .finished }
        let build = rows.withUnsafeBufferPointer { indices in
            buildOutput.map { table.columns[$0].gathered(indices.baseAddress!, count: rows.count) }
        }
        let nulls = probeOutput.map { Column.constant(.null, type: probeTypes[$0], count: rows.count) }
        return .batch(Batch(columns: nulls + build, count: rows.count))
    }
}

extension Join.Kind {
    /// Tells whether the output has a row a pair.
    var givesPairs: Bool {
        switch self {
        case .inner, .left, .right, .full, .single: true
        case .semi, .anti, .nullAwareAnti, .mark: false
        }
    }

    var givesBuildColumns: Bool { givesPairs }

    /// Tells whether a probe row without a match leaves no trace.
    var needsMatch: Bool {
        switch self {
        case .inner, .right, .semi: true
        case .left, .full, .single, .anti, .nullAwareAnti, .mark: false
        }
    }
}
