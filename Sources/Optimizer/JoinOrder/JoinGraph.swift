import HoneyCore
import HoneyPlan

/// Relations that may be joined in any order, and what joins them.
///
/// Inner joins commute. Semi, anti, mark and left joins each do something to a left row by that row alone, so they
/// commute with inner joins as well, as soon as the columns of their conditions are there: their right sides are
/// `dependents`, which only ever stand on the right of their own kind of join.
struct JoinGraph {
    struct Dependent {
        var plan: LogicalPlan
        var kind: Join.Kind
        var condition: Expression?
    }

    var relations: [LogicalPlan] = []
    var dependents: [Dependent] = []
    var conditions: [Expression] = []
    /// Columns that projections between the joins renamed, by their new identities.
    var aliases: [ColumnID: Expression] = [:]

    /// Takes a tree of joins apart; what is no such join becomes a relation, by way of `inside`.
    init(_ join: Join, inside: (LogicalPlan) -> LogicalPlan) { add(.join(join), inside) }

    private mutating func add(_ plan: LogicalPlan, _ inside: (LogicalPlan) -> LogicalPlan) {
        switch plan {
        case .join(let join) where join.kind == .inner:
            add(join.left, inside)
            add(join.right, inside)
            conditions += join.ownConditions.map { $0.substituting(aliases) }
        case .join(let join) where join.isDependent:
            add(join.left, inside)
            dependents.append(
                Dependent(
                    plan: inside(join.right), kind: join.kind, condition: join.condition?.substituting(aliases)))
        case .project(let project) where project.isRenaming && project.input.isJoinTree:
            add(project.input, inside)
            for output in project.outputs where output.expression.columnReference?.id != output.id {
                aliases[output.id] = output.expression.substituting(aliases)
            }
        default:
            relations.append(inside(plan))
        }
    }
}

extension Join {
    /// Tells that the join belongs to a graph as a dependent. A single join may fail, so it stays where it is.
    var isDependent: Bool {
        switch kind {
        case .semi, .anti, .nullAwareAnti, .left, .mark: true
        case .inner, .right, .full, .single: false
        }
    }
}

extension Project {
    /// Tells that the outputs are columns of the input.
    var isRenaming: Bool { outputs.allSatisfy { $0.expression.columnReference != nil } }
}

extension LogicalPlan {
    /// Tells that joins which may be reordered are at the top, under renamings perhaps.
    var isJoinTree: Bool {
        switch self {
        case .join(let join): join.kind == .inner || join.isDependent
        case .project(let project): project.isRenaming && project.input.isJoinTree
        default: false
        }
    }
}
