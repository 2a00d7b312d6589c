<#
.SYNOPSIS
Builds the program, runs the tests and the suites, and stops at the first command that fails. Each suite writes its tables, plots and page.
.EXAMPLE
powershell -ExecutionPolicy Bypass -File run-all.ps1 -Suite quick,faces-small -Data D:\faces -Seeds 1,2,3
.NOTES
For Windows PowerShell 5.1 and PowerShell 7. With -File a list arrives as one text, "1,2,3", so lists are split here.
#>
[CmdletBinding()]
param(
    [string[]] $Suite = @('quick'),
    [string] $Device = 'auto',
    [string] $Data = '.',
    [string] $Results = "$PSScriptRoot/results",
    [string[]] $Seeds = @(),
    [switch] $SkipTests
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

function Split-List([string[]] $Values) {
    , @($Values | ForEach-Object { $_ -split ',' } | ForEach-Object { $_.Trim() } | Where-Object { $_ })
}

# Windows PowerShell 5.1 puts quotes around an argument with blanks; a backslash before the closing quote has to be doubled
function Get-Quotable([string] $Path) { if ($Path -match '\s.*\\$') { "$Path\" } else { $Path } }

function Invoke-Step([string] $Name, [string[]] $Command) {
    "== ${Name}: dotnet $Command"
    & dotnet $Command
    if ($LASTEXITCODE -ne 0) { throw "$Name failed with exit code ${LASTEXITCODE}: dotnet $Command" }
}

$seedList = Split-List $Seeds
foreach ($seed in $seedList) { if ($seed -notmatch '^\d+$') { throw "-Seeds ${seed}: not a whole number; give them as 1,2,3" } }
Invoke-Step 'build' @('build', "$PSScriptRoot/Ablation.sln", '-c', 'Release')
if (-not $SkipTests) { Invoke-Step 'test' @('test', "$PSScriptRoot/Ablation.sln", '-c', 'Release', '--no-build') }
foreach ($name in (Split-List $Suite)) {
    $run = @('run', '--project', "$PSScriptRoot/Experiments", '-c', 'Release', '--no-build', '--',
        'run', $name, '--device', $Device, '--data', (Get-Quotable $Data), '--results', (Get-Quotable $Results))
    if ($seedList.Count -gt 0) { $run += '--seeds'; $run += $seedList }
    Invoke-Step "suite $name" $run
}
