package import HoneyCore
package import HoneyPlan

/// Some expressions made ready for one thread: a graph in which equal subexpressions occur once and constants are folded.
package final class CompiledExpressions {
    fileprivate enum Node {
        case input(Int)
        case constant(Column)
        case call(kernel: Kernel, arguments: [Int])
        /// The same values under another type of the same layout.
        case retyped(Int, DataType)
    }

    private var nodes: [Node] = []
    private var roots: [Int] = []
    private var known: [Expression: Int] = [:]
    private let context: EvaluationContext
    private let positions: [ColumnID: Int]
    /// Positions of the input columns that are used, ascending.
    package private(set) var inputs: [Int] = []

    /// Compiles `expressions` over rows of `input`; fails with an internal error on what cannot be evaluated.
    package init(
        _ expressions: [Expression], over input: [ColumnReference], in context: EvaluationContext
    ) throws {
        self.context = context
        positions = Dictionary(input.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        for expression in expressions { roots.append(try compile(expression)) }
        inputs = nodes.compactMap { if case .input(let position) = $0 { position } else { nil } }.sorted()
        known = [:]
    }

    /// Tells whether every expression is a plain column or a constant.
    package var isTrivial: Bool {
        roots.allSatisfy { if case .call = nodes[$0] { false } else { true } }
    }

    /// The column that expression `index` is a plain reference to.
    package func inputPosition(ofExpression index: Int) -> Int? {
        if case .input(let position) = nodes[roots[index]] { position } else { nil }
    }

    /// Expression `index` as one stored row, when it does not depend on the input.
    package func constant(ofExpression index: Int) -> Column? {
        if case .constant(let column) = nodes[roots[index]] { column } else { nil }
    }

    /// Evaluates over all of `count` rows.
    package func evaluate(_ columns: [Column], count: Int) throws -> [Column] {
        var results = [Column?](repeating: nil, count: nodes.count)
        for index in nodes.indices {
            switch nodes[index] {
            case .input(let position): results[index] = columns[position]
            case .constant(let column): results[index] = column.withCount(count)
            case .retyped(let source, let type): results[index] = results[source]!.retyped(type)
            case .call(let kernel, let arguments):
                results[index] = try kernel(arguments.map { results[$0]! }, count)
            }
        }
        return roots.map { results[$0]! }
    }

    /// Evaluates over a batch's rows: over all of them when most are selected, else over the selected ones gathered.
    package func evaluate(_ batch: Batch) throws -> Batch {
        guard let selection = batch.selection else {
            return Batch(columns: try evaluate(batch.columns, count: batch.count), count: batch.count)
        }
        if isTrivial || selection.count * 4 >= batch.count * 3 {
            return Batch(
                columns: try evaluate(batch.columns, count: batch.count), count: batch.count, selection: selection)
        }
        var columns = batch.columns
        for position in inputs {
            columns[position] = columns[position].gathered(selection.indices, count: selection.count)
        }
        return Batch(columns: try evaluate(columns, count: selection.count), count: selection.count)
    }

    // MARK: Compiling

    private func compile(_ expression: Expression) throws -> Int {
        if let index = known[expression] { return index }
        let node = try makeNode(expression)
        nodes.append(node)
        let index = nodes.count - 1
        if isRepeatable(expression) { known[expression] = index }
        return index
    }

    /// Tells whether evaluating twice gives the same: not so for `rand()`.
    private func isRepeatable(_ expression: Expression) -> Bool {
        if case .call(let call) = expression, context.functions.scalar(call.function)?.isDeterministic == false {
            return false
        }
        return expression.children.allSatisfy(isRepeatable)
    }

    private func makeNode(_ expression: Expression) throws -> Node {
        switch expression {
        case .literal(let value, let type): return .constant(Column.constant(value, type: type, count: 1))
        case .column(let reference):
            guard let position = positions[reference.id] else {
                throw HoneyError.unexpected(
                    "column is not in the input of its operator: \(reference.name)\(reference.id)")
            }
            return .input(position)
        case .call(let call):
            return try makeCall(call.function, call.arguments, call.type)
        case .cast(let operand, let type):
            if operand.type == type || keepsLayout(operand.type, type) {
                let source = try compile(operand)
                if case .constant(let column) = nodes[source] { return .constant(column.retyped(type)) }
                return operand.type == type ? nodes[source].aliased(source, type) : .retyped(source, type)
            }
            return try makeCall("cast", [operand], type)
        case .subquery: throw HoneyError.unexpected("a subquery was left in an optimized plan")
        }
    }

    private func makeCall(_ name: String, _ arguments: [Expression], _ type: DataType) throws -> Node {
        guard let function = context.functions.scalar(name) else {
            throw HoneyError.unexpected("a plan calls a function that is not there: \(name)")
        }
        let indices = try arguments.map(compile)
        let constants = indices.map { index -> Column? in
            if case .constant(let column) = nodes[index] { column } else { nil }
        }
        let site = CallSite(
            arguments: zip(arguments, constants).map { Argument(type: $0.type, constant: $1?.value(at: 0)) },
            result: type, session: context.session)
        let kernel = try function.makeKernel(for: site)
        // A call that fails on constants keeps failing where it belongs: on a row.
        if function.isDeterministic, constants.allSatisfy({ $0 != nil }),
            let folded = try? kernel(constants.map { $0! }, 1)
        {
            return .constant(folded.asConstant)
        }
        return .call(kernel: kernel, arguments: indices)
    }

    private func keepsLayout(_ source: DataType, _ target: DataType) -> Bool {
        CompiledExpressions.castKeepsLayout(source, target)
    }

    /// Tells whether a cast changes neither values nor layout.
    package static func castKeepsLayout(_ source: DataType, _ target: DataType) -> Bool {
        switch (source, target) {
        case (.decimal(let p, let s), .decimal(let q, let t)):
            s == t && q >= p && source.physical == target.physical
        case (.varchar(let n), .varchar(let m)): m >= n
        case (.varchar, .string), (.string, .binary), (.void, .boolean): true
        default: false
        }
    }
}

extension CompiledExpressions.Node {
    /// A node that stands for `source`; inputs and constants are simply repeated.
    fileprivate func aliased(_ source: Int, _ type: DataType) -> CompiledExpressions.Node {
        switch self {
        case .input, .constant: self
        case .call, .retyped: .retyped(source, type)
        }
    }
}

extension Column {
    /// The first row as a constant of one row.
    package var asConstant: Column {
        if isConstant { return withCount(1) }
        return Column(
            type: type, count: 1, isConstant: true, validity: validity, data: data, owners: owners, children: children)
    }
}
