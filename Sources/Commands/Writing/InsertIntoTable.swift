import HoneyPlan

/// `insert into|overwrite table t …`, one or several of one statement: all of them happen, or none.
public struct InsertIntoTable: QueryingCommand {
    public var inserts: [TableInsert]

    public init(inserts: [TableInsert]) {
        self.inserts = inserts
    }
}
