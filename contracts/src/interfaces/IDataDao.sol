// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The deed: one address from which all the others are found.
/// @dev No powers. Its constructor reverts unless every contract points to every other as it must and the timelock obeys the governor alone.
interface IDataDao {
    /// @notice The parts and what the dataset is.
    /// @param schema keccak256 of the schema's name.
    /// @param nameDigest keccak256 of the DAO's name in UTF-8.
    /// @param metadataDigest SHA-256 of the DAO's metadata document; may be zero.
    struct Deed {
        address timelock;
        address token;
        address governor;
        address guardianRegistry;
        address contributionRegistry;
        address revenuePool;
        address accessMarket;
        bytes32 schema;
        bytes32 nameDigest;
        bytes32 metadataDigest;
    }

    event DaoCreated(Deed deed);

    error DataDaoMissing(string part);
    error DataDaoWrongWiring(string link, address found, address expected);
    error DataDaoWrongRole(bytes32 role, address account, bool held);

    function timelock() external view returns (address);

    function token() external view returns (address);

    function governor() external view returns (address);

    function guardianRegistry() external view returns (address);

    function contributionRegistry() external view returns (address);

    function revenuePool() external view returns (address);

    function accessMarket() external view returns (address);

    function schema() external view returns (bytes32);

    function nameDigest() external view returns (bytes32);

    function metadataDigest() external view returns (bytes32);

    /// @notice The whole deed in one call.
    function deed() external view returns (Deed memory);
}
