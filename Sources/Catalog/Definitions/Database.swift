// Catalog is what tables are called and what they are: definitions, their statistics, and the metastore that keeps them.
// It knows no file's bytes and no query.

/// A named set of tables with a default place for their files.
public struct Database: Hashable, Sendable, Codable {
    public var name: String
    public var comment: String
    public var location: String
    public var ownerName: String
    /// `USER`, `ROLE` or `GROUP`.
    public var ownerType: String
    public var parameters: [String: String]

    public init(
        name: String, comment: String = "", location: String, ownerName: String = "", ownerType: String = "USER",
        parameters: [String: String] = [:]
    ) {
        self.name = name
        self.comment = comment
        self.location = location
        self.ownerName = ownerName
        self.ownerType = ownerType
        self.parameters = parameters
    }
}
