<#
.SYNOPSIS
Builds the program, runs the tests and the suites, and stops at the first command that fails. Each suite writes its tables, plots and page.
.EXAMPLE
./run-all.ps1 -Suite quick, faces-small -Data D:\faces -Seeds 1, 2, 3
#>
[CmdletBinding()]
param(
    [string[]] $Suite = @('quick'),
    [string] $Device = 'auto',
    [string] $Data = '.',
    [string] $Results = "$PSScriptRoot/results",
    [int[]] $Seeds = @(),
    [switch] $SkipTests
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

function Invoke-Step([string] $Name, [string[]] $Command) {
    "== ${Name}: dotnet $Command"
    & dotnet $Command
    if ($LASTEXITCODE -ne 0) { throw "$Name failed with exit code ${LASTEXITCODE}: dotnet $Command" }
}

Invoke-Step 'build' @('build', "$PSScriptRoot/Ablation.sln", '-c', 'Release')
if (-not $SkipTests) { Invoke-Step 'test' @('test', "$PSScriptRoot/Ablation.sln", '-c', 'Release', '--no-build') }
foreach ($name in $Suite) {
    $run = @('run', '--project', "$PSScriptRoot/Experiments", '-c', 'Release', '--no-build', '--',
        'run', $name, '--device', $Device, '--data', $Data, '--results', $Results)
    if ($Seeds.Count -gt 0) { $run += '--seeds'; $run += $Seeds }
    Invoke-Step "suite $name" $run
}
